package io.logboom.net.dial;

import io.logboom.net.Resolver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is: the addresses of all targets, live ones by weight and evenly mixed; a target's
 * share is divided among its live addresses. An address that failed rests for a time that doubles,
 * and comes back when a connection to it could be made; it is used before that only where no other
 * is left. Safe for all threads.
 */
public final class Targets {
  private static final long FIRST_REST_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LONGEST_REST_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** One that takes connections and does not answer costs a time-out each time it is tried. */
  private static final long FIRST_SILENT_REST_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final long LONGEST_SILENT_REST_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** How long a look-up may hold up another try of an address that failed. */
  private static final Duration SURE = Duration.ofSeconds(2);

  private final List<Name> names = new ArrayList<>();
  private Endpoint[] all = {};

  /** A target, and what is known of its addresses. */
  private static final class Name {
    final Target target;
    final int number;
    final Resolver.@Nullable Name name;
    @Nullable List<InetAddress> seen;
    List<Endpoint> endpoints = List.of();
    int usable;
    boolean preferredUsable;

    Name(Target target, int number, Resolver.@Nullable Name name) {
      this.target = target;
      this.number = number;
      this.name = name;
    }
  }

  /**
   * @param targets at least one
   */
  public Targets(List<? extends Target> targets, Resolver resolver) {
    for (Target target : targets) {
      int number = names.size();
      Name made =
          new Name(
              target,
              number,
              target instanceof Target.Tcp tcp ? resolver.name(tcp.next().host()) : null);
      made.endpoints =
          List.of(
              new Endpoint(
                  target,
                  number,
                  target instanceof Target.Unix unix
                      ? UnixDomainSocketAddress.of(unix.path())
                      : null,
                  true));
      names.add(made);
    }
    rebuild();
    // Many agents that start at once are not to begin with the same address.
    for (Endpoint each : all) {
      each.owed = ThreadLocalRandom.current().nextDouble();
    }
  }

  /** How many endpoints there are now. */
  public synchronized int size() {
    return all.length;
  }

  /** The endpoint whose turn it is. */
  public synchronized Endpoint next(long nowNanos) {
    look(nowNanos);
    if (all.length == 1) {
      return all[0];
    }
    share();
    double total = 0;
    Endpoint best = null;
    for (Endpoint each : all) {
      double weight = weight(each);
      if (weight > 0) {
        each.owed += weight;
        total += weight;
        if (best == null || each.owed > best.owed) {
          best = each;
        }
      }
    }
    if (best != null) {
      best.owed -= total;
      return best;
    }
    for (Endpoint each : all) {
      if (best == null || each.downUntil - best.downUntil < 0) {
        best = each;
      }
    }
    return Objects.requireNonNull(best);
  }

  /** All but one in the order to try when that one has failed: live ones first. */
  public synchronized List<Endpoint> others(Endpoint tried, long nowNanos) {
    look(nowNanos);
    List<Endpoint> order = new ArrayList<>(all.length);
    for (Endpoint each : all) {
      if (each != tried) {
        order.add(each);
      }
    }
    order.sort(
        Comparator.<Endpoint>comparingInt(e -> e.down ? 1 : 0)
            .thenComparingInt(e -> e.isPreferred() ? 0 : 1)
            .thenComparingLong(e -> e.down ? e.downUntil - nowNanos : 0)
            .thenComparingDouble(e -> -e.owed));
    return order;
  }

  /**
   * An endpoint that has rested, for a {@link Dialer} to try in the background; null where there is
   * none.
   */
  public synchronized @Nullable Endpoint toProbe(long nowNanos) {
    if (all.length > 1) {
      for (Endpoint each : all) {
        if (each.down && !each.probed && each.downUntil - nowNanos <= 0) {
          each.probed = true;
          return each;
        }
      }
    }
    return null;
  }

  /**
   * The endpoint with an address: itself, or one of those that its target's name has.
   *
   * @throws UnknownHostException where the name has none, or none came in time
   */
  public Endpoint resolved(Endpoint one, Duration patience)
      throws UnknownHostException, InterruptedException {
    Resolver.Name name = name(one);
    if (name == null || (one.address() != null && !one.isGone() && !one.isDoubted())) {
      return one;
    }
    // What failed is not tried again before it is clear that the name still has it.
    List<InetAddress> found =
        name.await(one.address() == null || patience.compareTo(SURE) < 0 ? patience : SURE);
    synchronized (this) {
      Name of = names.get(one.number());
      take(of, found);
      if (one.address() != null && !one.isGone()) {
        return one;
      }
      Endpoint first = of.endpoints.getFirst();
      for (Endpoint each : of.endpoints) {
        if (!each.down && (first.down || each.owed > first.owed)) {
          first = each;
        }
      }
      return first;
    }
  }

  /** Whether the endpoint is still one of its target's; looks the name up where that is due. */
  boolean isCurrent(Endpoint one) {
    Resolver.Name name = name(one);
    List<InetAddress> known = name == null ? null : name.known(System.nanoTime());
    if (known != null) {
      synchronized (this) {
        take(names.get(one.number()), known);
      }
    }
    return !one.isGone();
  }

  private Resolver.@Nullable Name name(Endpoint one) {
    return names.get(one.number()).name;
  }

  /** A connection could be made. */
  synchronized void up(Endpoint one) {
    one.down = false;
  }

  /** A try has ended, one way or another. */
  synchronized void tried(Endpoint one) {
    one.probed = false;
  }

  /** It answered; to be called where that is news. */
  public void answered(Endpoint one) {
    if (one.isDoubted()) {
      synchronized (this) {
        one.doubted(false);
        one.down = false;
        one.restNanos = 0;
      }
    }
  }

  /** No connection could be made, or it broke. */
  public void down(Endpoint one, long nowNanos) {
    down(one, nowNanos, FIRST_REST_NANOS, LONGEST_REST_NANOS);
  }

  /** A connection could be made, and nothing came of it. */
  public void silent(Endpoint one, long nowNanos) {
    down(one, nowNanos, FIRST_SILENT_REST_NANOS, LONGEST_SILENT_REST_NANOS);
  }

  private void down(Endpoint one, long nowNanos, long first, long longest) {
    Resolver.Name name = name(one);
    if (name != null) {
      name.doubt();
    }
    synchronized (this) {
      one.doubted(true);
      if (!one.down) {
        // Others take over its turns; when it is back it has none to make up for.
        for (Endpoint each : all) {
          each.owed = 0;
        }
      }
      one.down = true;
      one.restNanos = Math.clamp(one.restNanos * 2, first, longest);
      one.downUntil = nowNanos + one.restNanos;
    }
  }

  /** How many targets have an address that did not fail last. */
  public synchronized int live() {
    int count = 0;
    for (Name each : names) {
      count += each.endpoints.stream().anyMatch(e -> !e.down) ? 1 : 0;
    }
    return count;
  }

  // ---- the lock is held

  private void look(long nowNanos) {
    for (int i = 0; i < names.size(); i++) {
      Name each = names.get(i);
      List<InetAddress> known = each.name == null ? null : each.name.known(nowNanos);
      if (known != null) {
        take(each, known);
      }
    }
  }

  private void take(Name of, List<InetAddress> known) {
    if (known.equals(of.seen) || !(of.target instanceof Target.Tcp tcp)) {
      return;
    }
    of.seen = known;
    int port = tcp.next().port();
    List<Endpoint> now = new ArrayList<>(known.size());
    for (InetAddress address : known) {
      InetSocketAddress socket = new InetSocketAddress(address, port);
      Endpoint same = null;
      for (Endpoint each : of.endpoints) {
        same = socket.equals(each.address()) ? each : same;
      }
      boolean preferred = address.getClass() == known.getFirst().getClass();
      now.add(same != null ? same : new Endpoint(of.target, of.number, socket, preferred));
    }
    for (Endpoint each : of.endpoints) {
      if (!now.contains(each)) {
        each.gone();
      }
    }
    of.endpoints = List.copyOf(now);
    rebuild();
  }

  private void rebuild() {
    List<Endpoint> every = new ArrayList<>();
    for (Name each : names) {
      every.addAll(each.endpoints);
    }
    all = every.toArray(Endpoint[]::new);
  }

  /** Sees among how many addresses each target's share is divided. */
  private void share() {
    for (int i = 0; i < names.size(); i++) {
      Name each = names.get(i);
      int preferred = 0;
      int others = 0;
      for (int k = 0; k < each.endpoints.size(); k++) {
        Endpoint one = each.endpoints.get(k);
        if (!one.down) {
          preferred += one.isPreferred() ? 1 : 0;
          others += one.isPreferred() ? 0 : 1;
        }
      }
      each.preferredUsable = preferred > 0;
      each.usable = preferred > 0 ? preferred : others;
    }
  }

  private double weight(Endpoint one) {
    Name of = names.get(one.number());
    if (one.down || of.preferredUsable != one.isPreferred()) {
      return 0;
    }
    return of.target.weight() / (double) of.usable;
  }
}
