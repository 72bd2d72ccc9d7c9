package io.logboom.output.forward;

import io.logboom.api.json.ByteSink;
import io.logboom.net.msgpack.MsgPackWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What stands before and behind the entries of a frame (PackedForward):
 *
 * <pre>
 *   [tag, bin of entries, {"chunk": id, "size": count, "compressed": "gzip", ...}]
 * </pre>
 */
final class FrameEnds {
  private static final int ID_BYTES = 16;
  private static final int FIXED = 96;

  private final boolean acks;
  private final String compressed;
  private final List<String[]> more = new ArrayList<>();
  private final int moreBytes;

  /**
   * @param compressed how the entries are compressed; empty for not
   * @param more keys and texts, each with a blank between
   */
  FrameEnds(boolean acks, String compressed, List<String> more) {
    this.acks = acks;
    this.compressed = compressed;
    int bytes = 0;
    for (String each : more) {
      int blank = each.indexOf(' ');
      this.more.add(new String[] {each.substring(0, blank), each.substring(blank).strip()});
      bytes += each.getBytes(StandardCharsets.UTF_8).length + 10;
    }
    this.moreBytes = bytes;
  }

  /** The most bytes that a frame has beside its entries. */
  int most(byte[] tag) {
    return FIXED + moreBytes + tag.length;
  }

  /** 128 random bits in Base64. */
  String newId() {
    byte[] bits = new byte[ID_BYTES];
    ThreadLocalRandom.current().nextBytes(bits);
    return Base64.getEncoder().encodeToString(bits);
  }

  byte[] head(byte[] tag, long payload) {
    ByteSink out = ByteSink.growing(tag.length + 16);
    new MsgPackWriter(out).array(3).text(tag).bytesHead(Math.toIntExact(payload));
    return out.toByteArray();
  }

  byte[] tail(int records, String id) {
    ByteSink out = ByteSink.growing(96);
    MsgPackWriter writer = new MsgPackWriter(out);
    writer.map(1 + (acks ? 1 : 0) + (compressed.isEmpty() ? 0 : 1) + more.size());
    if (acks) {
      writer.text("chunk").text(id);
    }
    writer.text("size").integer(records);
    if (!compressed.isEmpty()) {
      writer.text("compressed").text(compressed);
    }
    for (String[] each : more) {
      writer.text(each[0]).text(each[1]);
    }
    return out.toByteArray();
  }
}
