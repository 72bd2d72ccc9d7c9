package io.logboom.output.loki;

import io.airlift.compress.snappy.SnappyCompressor;
import io.logboom.api.json.ByteSink;
import io.logboom.net.body.SegmentPool;
import io.logboom.net.body.Segments;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;

/**
 * The body of a push request, made from its entries: protobuf through snappy, or JSON, which gzip
 * may compress. It goes through one block, so that the whole never stands in memory twice.
 *
 * <p>Snappy's block format is the length of the whole and a row of copies and literals, of which
 * each stands for itself: blocks that are compressed one by one, without their lengths, are one
 * compressed whole. One thread at a time; used again and again.
 */
final class PushBody implements AutoCloseable {
  private static final int BLOCK = 32 * 1024;

  /** How a body is written. */
  enum Format {
    PROTOBUF,
    JSON,
    JSON_GZIP
  }

  private final Segments segments;
  private final Coder coder;
  private final boolean protobuf;
  private final ByteSink block;
  private long plain;

  /** What becomes of the blocks. */
  private interface Coder {
    void begin(long plainBytes) throws IOException;

    void block(byte[] bytes, int count) throws IOException;

    void end() throws IOException;
  }

  PushBody(SegmentPool pool, long most, Format format) {
    this.segments = new Segments(pool, most);
    this.protobuf = format == Format.PROTOBUF;
    this.coder =
        switch (format) {
          case PROTOBUF -> new Snappy();
          case JSON -> new Plain();
          case JSON_GZIP -> new Gzip();
        };
    this.block = new ByteSink(new Blocks(), new byte[BLOCK]);
  }

  /** The bytes of the last body before compression. */
  long plainLength() {
    return plain;
  }

  /**
   * Writes a body.
   *
   * @param entries sorted
   * @param from the place of its first one
   * @param to where they end
   */
  Segments write(Entries entries, int from, int to) {
    segments.clear();
    block.position(0);
    plain = 0;
    try {
      if (protobuf) {
        protobuf(entries, from, to);
      } else {
        json(entries, from, to);
      }
      give(block.array(), block.position());
      coder.end();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    segments.seal();
    return segments;
  }

  void clear() {
    segments.clear();
  }

  private void protobuf(Entries entries, int from, int to) throws IOException {
    int streams = entries.streams();
    long[] sizes = new long[streams]; // one for each request
    for (int place = from; place < to; place++) {
      int entry = entries.inOrder(place);
      int length = entries.length(entry);
      sizes[entries.streamOf(entry)] += 1 + Protobuf.varintSize(length) + length;
    }
    long whole = 0;
    for (int s = 0; s < streams; s++) {
      if (sizes[s] == 0) {
        continue; // of another request
      }
      int labels = entries.stream(s).selector().length;
      sizes[s] += 1 + Protobuf.varintSize(labels) + labels;
      whole += 1 + Protobuf.varintSize(sizes[s]) + sizes[s];
    }
    coder.begin(whole);
    int last = -1;
    for (int place = from; place < to; place++) {
      int entry = entries.inOrder(place);
      int stream = entries.streamOf(entry);
      if (stream != last) {
        last = stream;
        block.put(Protobuf.STREAMS);
        Protobuf.varint(sizes[stream], block);
        byte[] labels = entries.stream(stream).selector();
        Protobuf.bytes(Protobuf.LABELS, labels, 0, labels.length, block);
      }
      Protobuf.bytes(
          Protobuf.ENTRIES, entries.array(), entries.from(entry), entries.length(entry), block);
    }
  }

  private void json(Entries entries, int from, int to) throws IOException {
    coder.begin(0);
    block.putAscii("{\"streams\":[");
    int last = -1;
    for (int place = from; place < to; place++) {
      int entry = entries.inOrder(place);
      int stream = entries.streamOf(entry);
      if (stream == last) {
        block.put((byte) ',');
      } else {
        block.putAscii(last < 0 ? "{\"stream\":" : "]},{\"stream\":");
        byte[] labels = entries.stream(stream).json();
        block.put(labels, 0, labels.length);
        block.putAscii(",\"values\":[");
        last = stream;
      }
      block.put(entries.array(), entries.from(entry), entries.length(entry));
    }
    block.putAscii(last < 0 ? "]}" : "]}]}");
  }

  private void give(byte[] bytes, int count) throws IOException {
    plain += count;
    if (count > 0) {
      coder.block(bytes, count);
    }
  }

  private final class Blocks implements ByteSink.Store {
    @Override
    public byte[] next(byte[] array, int used, int needed) {
      try {
        give(array, used);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return needed <= array.length ? array : new byte[needed];
    }

    @Override
    public int resumeAt(int used) {
      return 0;
    }
  }

  private final class Snappy implements Coder {
    private final SnappyCompressor compressor = new SnappyCompressor();
    private byte[] compressed = new byte[compressor.maxCompressedLength(BLOCK)];

    @Override
    public void begin(long plainBytes) {
      Protobuf.varint(plainBytes, segments.sink());
    }

    @Override
    public void block(byte[] bytes, int count) {
      int most = compressor.maxCompressedLength(count);
      if (compressed.length < most) {
        compressed = new byte[most];
      }
      int end = compressor.compress(bytes, 0, count, compressed, 0, compressed.length);
      int from = Protobuf.varintSize(count); // the block's own length
      segments.sink().put(compressed, from, end - from);
    }

    @Override
    public void end() {
      // Nothing follows the last block.
    }
  }

  private class Plain implements Coder {
    @Override
    public void begin(long plainBytes) {
      // No head.
    }

    @Override
    public void block(byte[] bytes, int count) {
      segments.sink().put(bytes, 0, count);
    }

    @Override
    public void end() {
      // No foot.
    }
  }

  private final class Gzip implements Coder {
    private OutputStream out = OutputStream.nullOutputStream();

    @Override
    public void begin(long plainBytes) throws IOException {
      out =
          new GZIPOutputStream(
              new OutputStream() {
                @Override
                public void write(int b) {
                  segments.sink().put((byte) b);
                }

                @Override
                public void write(byte[] bytes, int from, int count) {
                  segments.sink().put(bytes, from, count);
                }
              },
              8192);
    }

    @Override
    public void block(byte[] bytes, int count) throws IOException {
      out.write(bytes, 0, count);
    }

    @Override
    public void end() throws IOException {
      out.close();
    }
  }

  @Override
  public void close() {
    clear();
  }
}
