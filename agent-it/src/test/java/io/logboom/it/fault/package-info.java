/**
 * What can go wrong, on command: the packaged program as a process, between containers that log
 * numbered lines and a sink that misbehaves, on a disk that fills up, with a state that is damaged.
 *
 * <p>Each test runs at a size that fits the build. {@code -Dlogboom.soak} runs it at the size that
 * the project promises; see {@link io.logboom.it.fault.Size}.
 */
@NullMarked
package io.logboom.it.fault;

import org.jspecify.annotations.NullMarked;
