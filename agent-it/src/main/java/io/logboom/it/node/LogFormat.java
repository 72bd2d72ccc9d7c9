package io.logboom.it.node;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** How a runtime writes a line to a container's file. Both split a line after 16 KiB. */
public enum LogFormat {
  /** {@code 2026-11-22T08:00:00.123456789Z stdout F text}. A line's parts carry P, its last F. */
  CRI {
    @Override
    void part(
        ByteArrayOutputStream out,
        String stream,
        byte[] time,
        byte[] line,
        int from,
        int to,
        boolean last) {
      out.writeBytes(time);
      out.write(' ');
      out.writeBytes(stream.getBytes(StandardCharsets.US_ASCII));
      out.writeBytes(last ? FULL : PARTIAL);
      out.write(line, from, to - from);
      out.write('\n');
    }
  },

  /**
   * Docker's json-file: {@code {"log":"text\n","stream":"stdout","time":"..."}}. Only a line's last
   * part has the newline.
   */
  DOCKER {
    @Override
    void part(
        ByteArrayOutputStream out,
        String stream,
        byte[] time,
        byte[] line,
        int from,
        int to,
        boolean last) {
      String text = new String(line, from, to - from, StandardCharsets.UTF_8);
      out.writeBytes(LOG);
      out.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(last ? text + "\n" : text));
      out.writeBytes(
          ("\",\"stream\":\"" + stream + "\",\"time\":\"").getBytes(StandardCharsets.US_ASCII));
      out.writeBytes(time);
      out.writeBytes(END);
    }
  };

  private static final int PART = 16 * 1024;
  private static final byte[] FULL = " F ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PARTIAL = " P ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] LOG = "{\"log\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "\"}\n".getBytes(StandardCharsets.US_ASCII);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.nnnnnnnnn'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  abstract void part(
      ByteArrayOutputStream out,
      String stream,
      byte[] time,
      byte[] line,
      int from,
      int to,
      boolean last);

  /** Appends one line of a program's output as the runtime writes it. */
  void append(ByteArrayOutputStream out, String stream, byte[] time, byte[] line) {
    int from = 0;
    while (line.length - from > PART) {
      int to = characterStart(line, from + PART);
      part(out, stream, time, line, from, to, false);
      from = to;
    }
    part(out, stream, time, line, from, line.length, true);
  }

  /** The last place up to {@code at} where a UTF-8 character starts. */
  private static int characterStart(byte[] line, int at) {
    int i = at;
    while ((line[i] & 0xC0) == 0x80) {
      i--;
    }
    return i;
  }

  static byte[] time(Instant now) {
    return TIME.format(now).getBytes(StandardCharsets.US_ASCII);
  }
}
