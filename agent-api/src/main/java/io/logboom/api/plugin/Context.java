package io.logboom.api.plugin;

import io.logboom.api.batch.Batches;
import io.logboom.api.batch.Names;
import io.logboom.api.meter.Meters;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/** What the engine gives to a plugin when it is created. */
public interface Context {
  /** The instance's name: its alias, or {@code tail.0}. */
  String name();

  /**
   * The directory for what must survive a restart, this instance's own; made when first asked for.
   */
  Path stateDirectory() throws StartException;

  Batches batches();

  Names names();

  Parsers parsers();

  Multilines multilines();

  Meters meters();

  /** The wall clock. */
  InstantSource clock();

  /** The {@code flush} of the service section: how long records may wait for company. */
  Duration flush();

  /** How many threads may call the plugin at once: the output's {@code workers}, 1 for all else. */
  int workers();
}
