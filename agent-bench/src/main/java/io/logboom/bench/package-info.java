/** Benchmarks: JMH for the hot paths, {@link io.logboom.bench.WholeProcess} for whole agents. */
@NullMarked
package io.logboom.bench;

import org.jspecify.annotations.NullMarked;
