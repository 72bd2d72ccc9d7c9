/** An application that writes files, the agent beside it, and the agent of its node. */
@org.jspecify.annotations.NullMarked
package io.logboom.it.sidecar;
