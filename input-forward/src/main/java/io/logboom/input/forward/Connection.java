package io.logboom.input.forward;

import io.logboom.net.forward.Acks;
import io.logboom.net.forward.Handshake;
import io.logboom.net.forward.Handshake.Ping;
import io.logboom.net.msgpack.MsgPack;
import io.logboom.net.stream.Link;
import io.logboom.net.stream.Receiver;
import java.net.InetAddress;
import java.util.Arrays;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One sender. Its bytes are decoded in the lane's working memory; only what is left of them, a unit
 * that has not ended or what could not be taken for want of room, is kept here.
 */
final class Connection implements Receiver {
  /** Acknowledgements that wait to be sent, at most. */
  private static final long MOST_UNSENT = 256 * 1024;

  private static final int SMALLEST = 1024;
  private static final int STEP = 1 << 20;
  private static final byte[] NOTHING = {};

  private final Link link;
  private final Lane lane;
  private final Answers answers;
  private final FrameReader frames;
  private final @Nullable Greeting greeting;
  private byte[] kept = NOTHING;
  private int size;
  private boolean open;
  private boolean greeted;
  private boolean stalled;
  private boolean large;
  private boolean waitsToGrow;
  private boolean unflushed;
  private long since;
  private @Nullable Fault ending;

  Connection(Link link, Lane lane, OpenBatch batch, long mostBytes, Greeting.@Nullable Keys keys) {
    this.link = link;
    this.lane = lane;
    this.answers = new Answers(lane, this);
    this.frames = new FrameReader(this, answers, lane, batch, mostBytes);
    this.greeting = keys == null ? null : new Greeting(keys);
    this.greeted = keys == null;
    this.since = lane.now();
  }

  String peer() {
    return link.peer();
  }

  @Nullable InetAddress address() {
    return link.address();
  }

  @Override
  public void opened() {
    open = true;
    since = lane.now();
    if (greeting != null) {
      link.write(greeting.helo());
      link.flush();
    }
  }

  @Override
  public void received(Arrived bytes) {
    int count = bytes.size();
    if (greeted) {
      since = lane.now(); // the handshake as a whole has a limit
    }
    lane.received(count);
    if (ending != null || lane.gate().isQuiet()) {
      return;
    }
    try {
      if (stalled || large || count <= size) {
        grow(count);
        bytes.copyTo(kept, size);
        size += count;
        if (!stalled && isReady(kept, size)) {
          decodeKept();
        }
      } else {
        byte[] work = lane.work(size + count);
        System.arraycopy(kept, 0, work, 0, size);
        bytes.copyTo(work, size);
        int all = size + count;
        if (size > 0 && !isReady(work, all)) {
          keep(work, 0, all);
        } else {
          keep(work, decode(work, all), all);
          frames.keepUnit();
        }
      }
      settleDown();
    } catch (RuntimeException e) {
      lane.defect(this, e);
    }
  }

  /** Whether to try again; also to find out that a frame is too large. */
  private boolean isReady(byte[] b, int to) {
    return !greeted || frames.isReady(b, to) || frames.isTooLarge(to);
  }

  /** Takes what it can; returns where the rest begins. */
  private int decode(byte[] b, int to) {
    int from = 0;
    if (!greeted) {
      from = greet(b, to);
      if (!greeted || ending != null) {
        return from;
      }
    }
    int rest = frames.read(b, from, to);
    if (frames.outcome() == MsgPack.MALFORMED) {
      end(frames.fault(), frames.why());
    } else if (frames.outcome() == MsgPack.FULL) {
      stall();
    }
    return rest;
  }

  private void decodeKept() {
    int rest = decode(kept, size);
    if (ending != null) {
      return;
    }
    if (rest > 0) {
      System.arraycopy(kept, rest, kept, 0, size - rest);
      size -= rest;
    }
    frames.keepUnit();
  }

  private void keep(byte[] b, int from, int to) {
    size = 0;
    if (ending != null) {
      return;
    }
    grow(to - from);
    System.arraycopy(b, from, kept, 0, to - from);
    size = to - from;
  }

  /** Room for {@code count} more bytes. */
  private void grow(int count) {
    int needed = size + count;
    if (needed > kept.length) {
      resize(Math.max(needed, Math.max(SMALLEST, kept.length + Math.min(kept.length, STEP))));
    }
  }

  private void resize(int length) {
    if (length == kept.length) {
      return;
    }
    lane.charge((long) length - kept.length);
    kept = length == 0 ? NOTHING : Arrays.copyOf(kept, length);
  }

  /** After bytes were taken or kept: gives memory back, and asks for more. */
  private void settleDown() {
    if (ending != null) {
      return;
    }
    if (size == 0 || (size < kept.length / 4 && kept.length > SMALLEST)) {
      resize(size == 0 ? 0 : Math.max(size, SMALLEST));
    }
    if ((large || waitsToGrow) && size <= LargeUnits.SMALL && !stalled) {
      boolean waited = waitsToGrow;
      large = false;
      waitsToGrow = false;
      lane.large().leave(this, lane.now());
      if (waited) {
        read(0);
      }
    } else if (!large && !waitsToGrow && !stalled && size > LargeUnits.SMALL) {
      if (lane.large().enter(this, frames.unitBytes(), lane.now())) {
        large = true;
      } else {
        waitsToGrow = true;
        link.reading(false);
      }
    }
  }

  /** Its turn to hold a large unit has come. */
  void mayGrow() {
    waitsToGrow = false;
    large = true;
    read(0);
  }

  /**
   * Reads on, where nothing is in the way.
   *
   * @param paused for how long nothing was read of anybody
   */
  void read(long paused) {
    if (ending == null && !waitsToGrow && !stalled && !lane.gate().isPaused()) {
      since = greeted ? lane.now() : since + paused;
      link.reading(true);
    }
  }

  void stopReading() {
    link.reading(false);
  }

  private void stall() {
    stalled = true;
    link.reading(false);
    lane.stalls(this);
  }

  /** There may be room again. */
  void proceed() {
    stalled = false;
    if (ending != null) {
      return;
    }
    try {
      decodeKept();
      settleDown();
    } catch (RuntimeException e) {
      lane.defect(this, e);
    }
  }

  private int greet(byte[] b, int to) {
    int end = MsgPack.end(b, 0, to);
    if (end == MsgPack.INCOMPLETE && to <= Greeting.MOST_BYTES) {
      return 0;
    }
    Ping ping = end > 0 ? Ping.read(b, 0, end) : null;
    if (ping == null || greeting == null) {
      end(Fault.HANDSHAKE, "it does not begin with a PING: it may not know of a shared key");
      return 0;
    }
    String objection = greeting.objection(ping);
    if (objection != null) {
      link.write(Handshake.refusal(objection));
      link.flush();
      end(Fault.HANDSHAKE, objection);
      return end;
    }
    link.write(greeting.welcome(ping));
    link.flush();
    greeted = true;
    since = lane.now();
    return end;
  }

  /** All records of the chunk are done. */
  void acknowledge(byte[] chunk) {
    if (ending != null) {
      return;
    }
    long unsent = link.write(Acks.ack(chunk));
    lane.acknowledged();
    if (!unflushed) {
      unflushed = true;
      lane.flushLater(this);
    }
    if (unsent > MOST_UNSENT) {
      end(Fault.ACKS_UNREAD, Fault.ACKS_UNREAD.text);
    }
  }

  void flush() {
    unflushed = false;
    if (ending == null) {
      link.flush();
    }
  }

  void refuse(long signal) {
    lane.refused(this, signal);
  }

  /** Looks whether it takes too long. */
  void tick(long now, long acceptNanos, long ioNanos) {
    if (ending != null || stalled || waitsToGrow || lane.gate().isPaused()) {
      return;
    }
    long silence = now - since;
    if (open && !greeted && silence > acceptNanos) {
      end(Fault.HANDSHAKE_TIMEOUT, Fault.HANDSHAKE_TIMEOUT.text);
    } else if (greeted && (size > 0 || frames.isInFrame()) && silence > ioNanos) {
      end(Fault.SILENT, Fault.SILENT.text);
    }
  }

  /** Ends the connection; the first reason counts. */
  void end(Fault fault, String why) {
    if (ending != null) {
      return;
    }
    ending = fault;
    lane.ended(this, fault, why);
    release();
    link.reading(false);
    link.close();
  }

  private void release() {
    size = 0;
    if (kept.length > 0) {
      resize(0);
    }
    lane.inflation().end(this);
    lane.large().leave(this, lane.now());
    frames.abandon();
    answers.ended();
  }

  @Override
  public void closed(@Nullable Throwable why) {
    if (ending == null) {
      Fault fault =
          lane.isClosing()
              ? Fault.SHUTDOWN
              : why == null ? Fault.PEER : isTls(why) ? Fault.TLS : Fault.RESET;
      ending = fault;
      String text = why == null ? null : why.getMessage();
      lane.ended(this, fault, text == null ? fault.text : text);
      release();
    }
    lane.left(this);
  }

  private static boolean isTls(Throwable why) {
    return why instanceof SSLException || why.getCause() instanceof SSLException;
  }
}
