/**
 * A Kubernetes API for tests: small, and strict where the real one is, so that a client that works
 * with it works with the real one.
 */
@NullMarked
package io.logboom.testkit.kubernetes;

import org.jspecify.annotations.NullMarked;
