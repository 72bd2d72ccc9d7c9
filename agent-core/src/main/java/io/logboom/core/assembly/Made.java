package io.logboom.core.assembly;

import io.logboom.core.config.Stage;
import io.logboom.core.meter.InstanceMeters;

/**
 * An instance that has been made.
 *
 * @param work what the pipeline has of it
 * @param <S> the kind of stage
 * @param <W> what the pipeline has of that kind
 */
record Made<S extends Stage<?>, W>(Placed<S> placed, W work, InstanceMeters meters) {
  /** The same with other work. */
  Made<S, W> with(W other) {
    return new Made<>(placed, other, meters);
  }
}
