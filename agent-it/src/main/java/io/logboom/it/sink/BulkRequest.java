package io.logboom.it.sink;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** A request's first lines, as far as they matter to a sink. */
record BulkRequest(String method, String path, long length, boolean chunked, boolean gzip) {

  /** The next request's head; null where the peer has closed. */
  static @Nullable BulkRequest read(InputStream in) throws IOException {
    String first = line(in);
    if (first.isEmpty()) {
      return null;
    }
    String[] words = first.split(" ", 3);
    long length = 0;
    boolean chunked = false;
    boolean gzip = false;
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      String header = line.toLowerCase(Locale.ROOT);
      if (header.startsWith("content-length:")) {
        length = Long.parseLong(header.substring(15).strip());
      } else if (header.startsWith("transfer-encoding:")) {
        chunked = header.contains("chunked");
      } else if (header.startsWith("content-encoding:")) {
        gzip = header.contains("gzip");
      }
    }
    return new BulkRequest(words[0], words[1], length, chunked, gzip);
  }

  boolean isBulk() {
    return path.contains("_bulk");
  }

  byte[] body(InputStream in) throws IOException {
    byte[] raw = chunked ? chunks(in) : exactly(in, (int) length);
    if (!gzip) {
      return raw;
    }
    try (InputStream plain = new GZIPInputStream(new ByteArrayInputStream(raw))) {
      return plain.readAllBytes();
    }
  }

  private static byte[] chunks(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int n = Integer.parseInt(line(in), 16); n > 0; n = Integer.parseInt(line(in), 16)) {
      body.writeBytes(exactly(in, n));
      line(in);
    }
    line(in);
    return body.toByteArray();
  }

  private static byte[] exactly(InputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the request ended after " + bytes.length + " of " + length);
    }
    return bytes;
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }
}
