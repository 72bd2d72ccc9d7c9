package io.logboom.net.forward;

import io.logboom.api.json.ByteSink;
import io.logboom.net.msgpack.MsgPackWriter;

/** Acknowledgements. */
public final class Acks {
  private Acks() {}

  /**
   * {@code {"ack": id}}.
   *
   * @param chunk the id as it was encoded
   */
  public static byte[] ack(byte[] chunk) {
    ByteSink out = ByteSink.growing(chunk.length + 8);
    new MsgPackWriter(out).map(1).text("ack").raw(chunk);
    return out.toByteArray();
  }
}
