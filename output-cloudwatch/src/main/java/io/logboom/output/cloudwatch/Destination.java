package io.logboom.output.cloudwatch;

import io.logboom.api.json.ByteSink;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A log stream, in its group. Made once, known by identity; belongs to one worker. */
final class Destination {
  private final String group;
  private final String stream;
  private final byte[] json;

  /** Its place among the streams of the send that is under way; -1 where it has none. */
  int index = -1;

  /** What the next request must bring, where the service is one that still asks for it. */
  @Nullable String token;

  Destination(String group, String stream) {
    this.group = group;
    this.stream = stream;
    ByteSink out = ByteSink.growing(group.length() + stream.length() + 64);
    out.putAscii("\"logGroupName\":\"");
    put(group, out);
    out.putAscii("\",\"logStreamName\":\"");
    put(stream, out);
    out.put((byte) '"');
    this.json = out.toByteArray();
  }

  static void put(String text, ByteSink out) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.putEscaped(utf8, 0, utf8.length);
  }

  String group() {
    return group;
  }

  /** {@code "logGroupName":"...","logStreamName":"..."}. */
  byte[] json() {
    return json;
  }

  /** For messages. */
  @Override
  public String toString() {
    return "stream '" + stream + "' of group '" + group + "'";
  }
}
