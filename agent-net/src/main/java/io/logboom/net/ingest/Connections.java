package io.logboom.net.ingest;

import io.logboom.net.stream.Acceptor;
import io.logboom.net.stream.Link;
import io.logboom.net.stream.Loop;
import io.logboom.net.stream.Receiver;
import io.logboom.net.stream.StreamServer;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The clients of one loop. */
final class Connections implements Acceptor {
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final Loop loop;
  private final Limits limits;
  private final Taker taker;
  private final LongSupplier clock;
  private final InstantSource wall;
  private final BodyMemory memory;
  private final Set<Connection> open = new LinkedHashSet<>();
  private byte[] work = new byte[StreamServer.READ_BYTES + 1024];
  private String date = "";
  private long dateSecond = Long.MIN_VALUE;
  private boolean quiet;
  private boolean closing;

  Connections(Loop loop, Limits limits, Taker taker, LongSupplier clock, InstantSource wall) {
    this.loop = loop;
    this.limits = limits;
    this.taker = taker;
    this.clock = clock;
    this.wall = wall;
    this.memory = new BodyMemory(limits.mostHeld(), this);
    loop.after(TICK_NANOS, this::tick);
  }

  Loop loop() {
    return loop;
  }

  Limits limits() {
    return limits;
  }

  Taker taker() {
    return taker;
  }

  BodyMemory memory() {
    return memory;
  }

  long now() {
    return clock.getAsLong();
  }

  boolean isQuiet() {
    return quiet;
  }

  /** Working memory of at least so many bytes, for one call. */
  byte[] work(int bytes) {
    return bytes <= work.length ? work : new byte[bytes];
  }

  /** The time as HTTP writes it. */
  String date() {
    Instant now = wall.instant();
    if (now.getEpochSecond() != dateSecond) {
      dateSecond = now.getEpochSecond();
      date = DATE.format(now);
    }
    return date;
  }

  @Override
  public @Nullable Receiver accept(Link link) {
    if (quiet || !taker.admits(link.peer())) {
      return null;
    }
    Connection made = new Connection(link, this);
    open.add(made);
    made.read();
    return made;
  }

  /** Reads from those that may be read, and from no others. */
  void read() {
    open.forEach(Connection::read);
  }

  /** Of the connections with a body under way the one that came first. */
  @Nullable Connection oldestBody() {
    for (Connection each : open) {
      if (each.hasBodyUnderWay()) {
        return each;
      }
    }
    return null;
  }

  void left(Connection connection, Reason reason) {
    open.remove(connection);
    taker.left(connection.peer(), reason == Reason.NONE && closing ? Reason.SHUTDOWN : reason);
  }

  private void tick() {
    if (closing) {
      return;
    }
    long now = now();
    for (Connection each : List.copyOf(open)) {
      each.tick(now);
    }
    if (!memory.isMoving()) {
      memory.choose();
    }
    taker.tick(now);
    loop.after(TICK_NANOS, this::tick);
  }

  /** Takes no request any more; those that are whole get their answers. */
  void quiet() {
    quiet = true;
    for (Connection each : List.copyOf(open)) {
      each.quiet();
    }
  }

  /** What ends now ends with the server. */
  void closing() {
    quiet();
    closing = true;
  }
}
