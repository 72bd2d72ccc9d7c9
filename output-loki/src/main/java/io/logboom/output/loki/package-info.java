/**
 * Delivers to Grafana Loki.
 *
 * <pre>
 *   records -> Encoder -> Entries (by stream, in time order) -> PushBody -> POST -> Refusals
 *              Streams: labels   Metadata, Lines                snappy, gzip
 * </pre>
 */
@NullMarked
package io.logboom.output.loki;

import org.jspecify.annotations.NullMarked;
