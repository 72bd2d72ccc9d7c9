package io.logboom.core.assembly;

import io.logboom.api.plugin.StartException;
import io.logboom.core.config.ServiceConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where what must survive a restart is kept: a directory per instance below {@code state_dir}.
 *
 * <p>A directory that the user named must be usable: one that cannot be made, or not be written for
 * want of permission, keeps the agent from starting. A disk that is full or read-only does not: the
 * agent works with what memory holds, and says so until the disk takes writes.
 *
 * <p>Where nobody named one and the default cannot be written (a read-only root file system without
 * a volume), the agent works with a temporary one and says what that means; where there is none of
 * these either, with what memory holds.
 */
final class StateDirectories {
  private static final Logger LOG = LoggerFactory.getLogger(StateDirectories.class);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** Tries whether files can be made and written in a directory. */
  @FunctionalInterface
  interface Probe {
    void write(Path directory) throws IOException;

    default void make(Path directory) throws IOException {
      Files.createDirectories(directory);
    }
  }

  private final ServiceConfig service;
  private final Probe probe;
  private final Temporary temporary;
  private final LongSupplier nanos;
  private final Set<Path> wanted = new LinkedHashSet<>();
  private @Nullable Path root;
  private volatile @Nullable String problem;
  private long lookedNanos;

  /** Makes a directory that is forgotten with the container. */
  @FunctionalInterface
  interface Temporary {
    Path make() throws IOException;
  }

  StateDirectories(ServiceConfig service) {
    this(service, StateDirectories::probe, System::nanoTime);
  }

  StateDirectories(ServiceConfig service, Probe probe, LongSupplier nanos) {
    this(service, probe, nanos, () -> Files.createTempDirectory("logboom-state"));
  }

  StateDirectories(ServiceConfig service, Probe probe, LongSupplier nanos, Temporary temporary) {
    this.service = service;
    this.probe = probe;
    this.temporary = temporary;
    this.nanos = nanos;
  }

  private static void probe(Path directory) throws IOException {
    Path file = Files.createTempFile(directory, ".probe", null);
    try {
      Files.write(file, new byte[4096]);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  synchronized Path of(String instance) throws StartException {
    Path base = root;
    if (base == null) {
      base = findRoot();
      root = base;
    }
    Path directory = base.resolve(instance);
    wanted.add(directory);
    try {
      probe.make(directory);
    } catch (IOException e) {
      if (!DiskTrouble.mayPass(directory, e)) {
        throw new StartException(
            "the state directory " + directory + " cannot be made: " + DiskTrouble.words(e), e);
      }
      trouble(base, e);
    }
    return directory;
  }

  private Path findRoot() throws StartException {
    Path path = service.stateDirectory();
    try {
      probe.make(path);
      probe.write(path);
      return path;
    } catch (IOException e) {
      boolean named = service.stateDir() != null || service.storage().path() != null;
      if ((named || Files.isDirectory(path)) && DiskTrouble.mayPass(path, e)) {
        trouble(path, e);
        return path;
      }
      if (named) {
        throw new StartException(
            "the state directory "
                + path
                + " cannot be used: "
                + DiskTrouble.words(e)
                + "; mount a volume there or set state_dir",
            e);
      }
      return temporary(path, e);
    }
  }

  private void trouble(Path path, IOException e) {
    if (problem == null) {
      problem = sentence(path, e);
      LOG.error(
          "{}; positions, what waits for outputs and dead letters are in memory only until it can"
              + " be",
          problem);
      lookedNanos = nanos.getAsLong();
    }
  }

  /**
   * Why nothing can be kept on disk at present; null where it can. Looks again now and then, and
   * makes the directories that are missing.
   */
  @Nullable String problem() {
    return problem == null ? null : look();
  }

  private synchronized @Nullable String look() {
    Path base = root;
    long now = nanos.getAsLong();
    if (base == null || now - lookedNanos < LOOK_NANOS) {
      return problem;
    }
    lookedNanos = now;
    try {
      for (Path directory : wanted) {
        probe.make(directory);
      }
      probe.write(base);
      problem = null;
      LOG.info("the state directory {} can be written again", base);
    } catch (IOException e) {
      problem = sentence(base, e);
    }
    return problem;
  }

  private static String sentence(Path path, IOException e) {
    return "the state directory " + path + " cannot be written: " + DiskTrouble.words(e);
  }

  private Path temporary(Path wanted, IOException why) throws StartException {
    try {
      Path directory = temporary.make();
      LOG.warn(
          "{} cannot be used ({}); positions are kept in {} and will not survive this machine or"
              + " container: mount a volume or set state_dir",
          wanted,
          DiskTrouble.words(why),
          directory);
      return directory;
    } catch (IOException e) {
      if (DiskTrouble.mayPass(wanted, why)) {
        // A read-only root file system, and no volume: a sidecar without a place of its own.
        trouble(wanted, why);
        return wanted;
      }
      throw new StartException(
          "no directory for state: neither "
              + wanted
              + " nor a temporary one can be written; set state_dir",
          e);
    }
  }
}
