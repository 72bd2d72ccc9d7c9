package io.logboom.net.dial;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One address of a target, and how it has behaved. What changes belongs to {@link Targets}.
 *
 * <p>An endpoint without an address stands for a target whose name has none yet.
 */
public final class Endpoint {
  private final Target target;
  private final int number;
  private final @Nullable SocketAddress address;
  private final boolean preferred;

  // Guarded by the targets.
  double owed;
  boolean down;
  long downUntil;
  long restNanos;
  boolean probed;

  private volatile boolean gone;
  private volatile boolean doubted;

  /**
   * @param number the target's place among those that are configured
   * @param preferred whether it is of the family of addresses that is used first
   */
  Endpoint(Target target, int number, @Nullable SocketAddress address, boolean preferred) {
    this.target = target;
    this.number = number;
    this.address = address;
    this.preferred = preferred;
  }

  public Target target() {
    return target;
  }

  /** The target's place among those that are configured. */
  public int number() {
    return number;
  }

  @Nullable SocketAddress address() {
    return address;
  }

  boolean isPreferred() {
    return preferred;
  }

  /** Whether the target's name has other addresses by now: it is not used any more. */
  public boolean isGone() {
    return gone;
  }

  void gone() {
    gone = true;
  }

  /** Whether it failed, and has not answered since. */
  boolean isDoubted() {
    return doubted;
  }

  void doubted(boolean now) {
    doubted = now;
  }

  @Override
  public String toString() {
    return target.toString();
  }
}
