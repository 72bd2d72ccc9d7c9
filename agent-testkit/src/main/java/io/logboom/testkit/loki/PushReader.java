package io.logboom.testkit.loki;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads push requests: snappy's block format, protobuf and JSON, with code of its own and by the
 * formats' documents. Whatever is not as it should be is an {@link IllegalArgumentException}.
 */
public final class PushReader {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A stream of a request, in the order of the request. */
  public record Stream(String labels, List<Entry> entries) {}

  /** A line. */
  public record Entry(long nanos, String line, Map<String, String> metadata) {}

  private final byte[] b;
  private int at;
  private int end;

  private PushReader(byte[] bytes, int from, int to) {
    this.b = bytes;
    this.at = from;
    this.end = to;
  }

  /** The streams of a protobuf request without compression. */
  public static List<Stream> protobuf(byte[] plain) {
    List<Stream> streams = new ArrayList<>();
    PushReader request = new PushReader(plain, 0, plain.length);
    while (request.at < request.end) {
      request.expect(1 << 3 | 2);
      streams.add(request.nested().stream());
    }
    return streams;
  }

  private Stream stream() {
    String labels = "";
    List<Entry> entries = new ArrayList<>();
    while (at < end) {
      long tag = varint();
      if (tag == (1 << 3 | 2)) {
        labels = text();
      } else if (tag == (2 << 3 | 2)) {
        entries.add(nested().entry());
      } else {
        throw new IllegalArgumentException("a stream has no field with tag " + tag);
      }
    }
    return new Stream(labels, entries);
  }

  private Entry entry() {
    long nanos = 0;
    String line = "";
    Map<String, String> metadata = new LinkedHashMap<>();
    while (at < end) {
      long tag = varint();
      if (tag == (1 << 3 | 2)) {
        nanos = nested().timestamp();
      } else if (tag == (2 << 3 | 2)) {
        line = text();
      } else if (tag == (3 << 3 | 2)) {
        PushReader pair = nested();
        pair.expect(1 << 3 | 2);
        String name = pair.text();
        pair.expect(2 << 3 | 2);
        if (metadata.put(name, pair.text()) != null) {
          throw new IllegalArgumentException("structured metadata has '" + name + "' twice");
        }
        pair.finish();
      } else {
        throw new IllegalArgumentException("an entry has no field with tag " + tag);
      }
    }
    return new Entry(nanos, line, metadata);
  }

  private long timestamp() {
    long seconds = 0;
    long nanos = 0;
    while (at < end) {
      long tag = varint();
      if (tag == 1 << 3) {
        seconds = varint();
      } else if (tag == 2 << 3) {
        nanos = varint();
      } else {
        throw new IllegalArgumentException("a timestamp has no field with tag " + tag);
      }
    }
    if (nanos < 0 || nanos >= 1_000_000_000) {
      throw new IllegalArgumentException("a timestamp has " + nanos + " nanoseconds");
    }
    return Math.addExact(Math.multiplyExact(seconds, 1_000_000_000L), nanos);
  }

  private void expect(long tag) {
    long found = varint();
    if (found != tag) {
      throw new IllegalArgumentException("tag " + found + " instead of " + tag);
    }
  }

  private void finish() {
    if (at != end) {
      throw new IllegalArgumentException((end - at) + " bytes too many in a message");
    }
  }

  private PushReader nested() {
    int length = length();
    PushReader inner = new PushReader(b, at, at + length);
    at += length;
    return inner;
  }

  private String text() {
    int length = length();
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(b, at, length)).toString();
      at += length;
      return text;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("a string is not UTF-8", e);
    }
  }

  private int length() {
    long length = varint();
    if (length < 0 || length > end - at) {
      throw new IllegalArgumentException("a length of " + length + " with " + (end - at) + " left");
    }
    return (int) length;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (at == end) {
        throw new IllegalArgumentException("a number ends early");
      }
      byte next = b[at++];
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number has more than ten bytes");
  }

  /** What was compressed in snappy's block format. */
  public static byte[] unsnap(byte[] compressed, int most) {
    PushReader in = new PushReader(compressed, 0, compressed.length);
    long length = in.varint();
    if (length < 0 || length > most) {
      throw new IllegalArgumentException("decompressed length " + length + " is above " + most);
    }
    byte[] out = new byte[(int) length];
    int to = 0;
    while (in.at < in.end) {
      int tag = in.octet();
      if ((tag & 3) == 0) {
        int count = tag >>> 2;
        if (count >= 60) {
          count = in.little(count - 59);
        }
        count++;
        if (count > in.end - in.at || count > out.length - to) {
          throw new IllegalArgumentException("a literal of " + count + " bytes does not fit");
        }
        System.arraycopy(compressed, in.at, out, to, count);
        in.at += count;
        to += count;
        continue;
      }
      int count = (tag & 3) == 1 ? 4 + (tag >>> 2 & 7) : 1 + (tag >>> 2);
      int back =
          switch (tag & 3) {
            case 1 -> (tag >>> 5) << 8 | in.octet();
            case 2 -> in.little(2);
            default -> in.little(4);
          };
      if (back <= 0 || back > to || count > out.length - to) {
        throw new IllegalArgumentException("a copy from " + back + " back at " + to);
      }
      for (int i = 0; i < count; i++, to++) {
        out[to] = out[to - back];
      }
    }
    if (to != out.length) {
      throw new IllegalArgumentException(to + " bytes instead of " + out.length);
    }
    return out;
  }

  private int octet() {
    if (at == end) {
      throw new IllegalArgumentException("the compressed bytes end early");
    }
    return b[at++] & 0xFF;
  }

  private int little(int bytes) {
    int value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= octet() << (8 * i);
    }
    return value;
  }

  /** The streams of a JSON request. */
  public static List<Stream> json(byte[] text) {
    try {
      List<Stream> streams = new ArrayList<>();
      for (JsonNode stream : JSON.readTree(text).required("streams")) {
        List<Entry> entries = new ArrayList<>();
        for (JsonNode value : stream.required("values")) {
          if (!value.get(0).isTextual() || !value.get(1).isTextual() || value.size() > 3) {
            throw new IllegalArgumentException("a value is not [text, text, object]: " + value);
          }
          Map<String, String> metadata = new LinkedHashMap<>();
          if (value.size() == 3) {
            value.get(2).properties().forEach(p -> metadata.put(p.getKey(), string(p.getValue())));
          }
          entries.add(
              new Entry(Long.parseLong(value.get(0).textValue()), string(value.get(1)), metadata));
        }
        Map<String, String> labels = new TreeMap<>();
        stream
            .required("stream")
            .properties()
            .forEach(p -> labels.put(p.getKey(), string(p.getValue())));
        streams.add(new Stream(Labels.write(labels), entries));
      }
      return streams;
    } catch (IOException e) {
      throw new IllegalArgumentException("the request is no JSON", e);
    }
  }

  private static String string(JsonNode node) {
    if (!node.isTextual()) {
      throw new IllegalArgumentException("no text: " + node);
    }
    return node.textValue();
  }

  @Override
  public String toString() {
    return Arrays.toString(Arrays.copyOfRange(b, at, end));
  }
}
