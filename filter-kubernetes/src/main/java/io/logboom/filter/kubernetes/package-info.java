/**
 * Adds what Kubernetes knows of a container to the records of its log.
 *
 * <pre>
 *   LIST, WATCH ──► NodeFeed ─────┐            ┌──► Lineage (one per origin) ──► Fragment ──► Batch
 *   GET a pod   ──► LookupFeed ───┼─► PodStore ┤
 *   GET /pods   ──► KubeletFeed ──┘            └──  version: one volatile read per batch and origin
 * </pre>
 *
 * <p>Feeds run on threads of their own and read answers as byte streams, keeping the few fields
 * that records need. The filter's thread does no I/O. Of fabric8 its configuration, TLS material
 * and {@code HttpClient} are used, not its models.
 */
@NullMarked
package io.logboom.filter.kubernetes;

import org.jspecify.annotations.NullMarked;
