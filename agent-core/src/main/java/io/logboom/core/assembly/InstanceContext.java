package io.logboom.core.assembly;

import io.logboom.api.batch.Batches;
import io.logboom.api.batch.Names;
import io.logboom.api.meter.Meters;
import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Multilines;
import io.logboom.api.plugin.Parsers;
import io.logboom.api.plugin.StartException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/** What one plugin instance gets from the engine. */
record InstanceContext(
    String name,
    String directory,
    int workers,
    Batches batches,
    Names names,
    Parsers parsers,
    Multilines multilines,
    Meters meters,
    InstantSource clock,
    Duration flush,
    StateDirectories state)
    implements Context {
  @Override
  public Path stateDirectory() throws StartException {
    return state.of(directory);
  }
}
