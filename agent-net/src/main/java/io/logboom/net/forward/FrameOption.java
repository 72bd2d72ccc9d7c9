package io.logboom.net.forward;

import io.logboom.net.msgpack.MsgPack;
import io.logboom.net.msgpack.MsgPackReader;
import io.logboom.net.msgpack.MsgPackReader.Kind;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a frame's last element says. Members that nobody knows are skipped. */
public final class FrameOption {
  /** The most bytes of an option. */
  public static final int MOST_BYTES = 64 * 1024;

  /** The most bytes of a chunk's id, as it is encoded. */
  public static final int MOST_CHUNK_BYTES = 1024;

  private final MsgPackReader reader = new MsgPackReader();
  private byte @Nullable [] chunk;
  private long signal;

  /** Forgets what was read last: for a frame without an option. */
  public void clear() {
    chunk = null;
    signal = 0;
  }

  /**
   * Reads the option at {@code b[from]}.
   *
   * @return the index behind it, {@link MsgPack#INCOMPLETE} or {@link MsgPack#MALFORMED}
   */
  public int read(byte[] b, int from, int to) {
    clear();
    int end = MsgPack.end(b, from, to);
    if (end < 0) {
      return end;
    }
    MsgPackReader r = reader.reset(b, from, end);
    Kind kind = r.next();
    if (kind == Kind.NIL) {
      return end; // Docker's log driver, before 2019
    }
    if (kind != Kind.MAP) {
      return MsgPack.MALFORMED;
    }
    for (int left = r.length(); left > 0; left--) {
      if (!member(b, r, end)) {
        return MsgPack.MALFORMED;
      }
    }
    return end;
  }

  private boolean member(byte[] b, MsgPackReader r, int end) {
    int name = r.position();
    Kind kind = r.next();
    boolean text = kind == Kind.TEXT || kind == Kind.BYTES;
    if (text && r.is("chunk")) {
      r.skip();
      return chunk(b, r);
    }
    if (text && r.is("fluent_signal")) {
      r.skip();
      if (r.next() != Kind.INTEGER) {
        return false;
      }
      signal = r.number();
      return true;
    }
    return r.reset(b, name, end).skipValue() && r.skipValue();
  }

  private boolean chunk(byte[] b, MsgPackReader r) {
    int from = r.position();
    Kind kind = r.next();
    if (kind == Kind.NIL) {
      return true;
    }
    if (kind != Kind.TEXT && kind != Kind.BYTES) {
      return false;
    }
    r.skip();
    if (r.position() - from > MOST_CHUNK_BYTES) {
      return false;
    }
    chunk = Arrays.copyOfRange(b, from, r.position());
    return true;
  }

  /** The chunk's id as it was encoded, to be given back in the acknowledgement; null for none. */
  @SuppressWarnings("EI_EXPOSE_REP")
  public byte @Nullable [] chunk() {
    return chunk;
  }

  /** 0 for logs; 1 for metrics, 2 for traces, and whatever comes after them. */
  public long signal() {
    return signal;
  }
}
