package io.logboom.core.assembly;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.StartException;
import io.logboom.core.deadletter.DeadLetters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dead letters, which a disk in trouble may keep from being opened when the agent starts: they
 * are opened when it is over. Until then none can be kept, which is for who wants to keep one to
 * wait for.
 */
final class Letters {
  private static final Logger LOG = LoggerFactory.getLogger(Letters.class);
  private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Opens the letters in their directory. */
  @FunctionalInterface
  interface Opening {
    DeadLetters open() throws IOException;
  }

  private final Path path;
  private final Opening opening;
  private final List<Consumer<DeadLetters>> waiting = new ArrayList<>();
  private @Nullable DeadLetters open;
  private @Nullable IOException trouble;
  private long triedNanos;
  private boolean closed;

  private Letters(Path path, Opening opening) {
    this.path = path;
    this.opening = opening;
  }

  /**
   * @throws StartException where they cannot be opened, for another reason than a disk that refuses
   *     writes
   */
  static Letters of(Path path, Opening opening) throws StartException {
    Letters letters = new Letters(path, opening);
    try {
      letters.tryOpen();
    } catch (IOException e) {
      if (!DiskTrouble.mayPass(path, e)) {
        throw new StartException(
            "the dead letters in " + path + " cannot be opened: " + DiskTrouble.words(e), e);
      }
      LOG.error("the dead letters in {} cannot be opened now: {}", path, DiskTrouble.words(e));
    }
    return letters;
  }

  private DeadLetters tryOpen() throws IOException {
    triedNanos = System.nanoTime();
    try {
      DeadLetters opened = opening.open();
      open = opened;
      trouble = null;
      return opened;
    } catch (IOException e) {
      trouble = e;
      throw e;
    }
  }

  /**
   * The letters, opened now where they were not.
   *
   * @throws IOException where the disk is still in trouble
   */
  private synchronized DeadLetters now() throws IOException {
    DeadLetters known = open;
    if (known != null) {
      return known;
    }
    IOException before = trouble;
    if (closed || (before != null && System.nanoTime() - triedNanos < AGAIN_NANOS)) {
      throw new IOException(path + " cannot be opened", before);
    }
    DeadLetters opened = tryOpen();
    LOG.info("the dead letters in {} are open now", path);
    waiting.forEach(each -> each.accept(opened));
    waiting.clear();
    return opened;
  }

  /** As {@link DeadLetters#put}. */
  void put(String output, Batch batch, BitSet records, IntFunction<String> why) throws IOException {
    now().put(output, batch, records, why);
  }

  /** Calls once, as soon as they are open. */
  synchronized void whenOpen(Consumer<DeadLetters> then) {
    DeadLetters known = open;
    if (known != null) {
      then.accept(known);
    } else {
      waiting.add(then);
    }
  }

  /** Why none can be kept at present; null where they are open, as they are now if they can be. */
  @Nullable String problem() {
    try {
      now();
      return null;
    } catch (IOException e) {
      IOException cause = e.getCause() instanceof IOException before ? before : e;
      return "the dead letters in " + path + " cannot be opened: " + DiskTrouble.words(cause);
    }
  }

  synchronized void close() throws IOException {
    closed = true;
    DeadLetters known = open;
    if (known != null) {
      known.close();
    }
  }
}
