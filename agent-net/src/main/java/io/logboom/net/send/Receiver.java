package io.logboom.net.send;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;

/** What an output has learned of its receiver, and says of it once. Safe for all threads. */
public final class Receiver {
  private static final long LEAST_REQUEST = 64 * 1024;

  private final Logger log;
  private final String name;
  private final AtomicLong mostBytes;
  private final AtomicBoolean refuses = new AtomicBoolean();
  private volatile boolean worked;

  /**
   * @param log where it is said
   * @param name the output's
   * @param mostBytes when a request is full, before anything is known
   */
  public Receiver(Logger log, String name, long mostBytes) {
    this.log = log;
    this.name = name;
    this.mostBytes = new AtomicLong(mostBytes);
  }

  /** When a request is full. */
  public long mostBytes() {
    return mostBytes.get();
  }

  /**
   * A request was refused for its size: from now on they are smaller, so that not each of them
   * fails first.
   */
  public void tooLarge(long bytes, String why) {
    long half = Math.max(LEAST_REQUEST, bytes / 2);
    if (half < mostBytes.getAndAccumulate(half, Math::min)) {
      log.warn(
          "[{}] requests are too large for the receiver, and have no more than {} bytes from here"
              + " on: {}",
          name,
          half,
          why);
    }
  }

  /** Said once, until requests are taken again. */
  public void operatorMustAct(String why) {
    if (refuses.compareAndSet(false, true)) {
      log.error(
          "[{}] requests are refused; nothing is lost, but nothing is delivered until this is"
              + " mended: {}",
          name,
          why);
    }
  }

  /** A request was accepted. */
  public void works() {
    refuses.set(false);
    worked = true;
  }

  /** Whether a request was ever accepted. */
  public boolean hasWorked() {
    return worked;
  }
}
