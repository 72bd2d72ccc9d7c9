package io.logboom.core.assembly;

import io.logboom.api.plugin.StartException;
import io.logboom.core.config.ServiceConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where what must survive a restart is kept: a directory per instance below {@code state_dir}.
 *
 * <p>A directory that the user named must be usable. Where nobody named one and the default cannot
 * be written (a read-only root file system without a volume), the agent works with a temporary one
 * and says what that means.
 */
final class StateDirectories {
  private static final Logger LOG = LoggerFactory.getLogger(StateDirectories.class);

  private final ServiceConfig service;
  private @Nullable Path root;

  StateDirectories(ServiceConfig service) {
    this.service = service;
  }

  synchronized Path of(String instance) throws StartException {
    Path base = root;
    if (base == null) {
      base = findRoot();
      root = base;
    }
    Path directory = base.resolve(instance);
    try {
      return Files.createDirectories(directory);
    } catch (IOException e) {
      throw new StartException(
          "the state directory " + directory + " cannot be made: " + e.getMessage(), e);
    }
  }

  private Path findRoot() throws StartException {
    Path wanted = service.stateDirectory();
    try {
      Files.createDirectories(wanted);
      if (Files.isWritable(wanted)) {
        return wanted;
      }
      throw new IOException("not writable");
    } catch (IOException e) {
      boolean named = service.stateDir() != null || service.storage().path() != null;
      if (named) {
        throw new StartException(
            "the state directory "
                + wanted
                + " cannot be used: "
                + e.getMessage()
                + "; mount a volume there or set state_dir",
            e);
      }
      return temporary(wanted, e);
    }
  }

  private static Path temporary(Path wanted, IOException why) throws StartException {
    try {
      Path directory = Files.createTempDirectory("logboom-state");
      LOG.warn(
          "{} cannot be used ({}); positions are kept in {} and will not survive this machine or"
              + " container: mount a volume or set state_dir",
          wanted,
          why.getMessage(),
          directory);
      return directory;
    } catch (IOException e) {
      throw new StartException(
          "no directory for state: neither "
              + wanted
              + " nor a temporary one can be written; set state_dir",
          e);
    }
  }
}
