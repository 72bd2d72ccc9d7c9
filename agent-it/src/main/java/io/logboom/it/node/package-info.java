/**
 * Plays a Kubernetes node: a runtime that writes container logs and a kubelet that rotates them.
 */
@NullMarked
package io.logboom.it.node;

import org.jspecify.annotations.NullMarked;
