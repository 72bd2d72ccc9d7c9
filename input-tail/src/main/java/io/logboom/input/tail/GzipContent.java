package io.logboom.input.tail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A gzip file by position in what it unpacks to. Going on from the last read is cheap, and so is
 * going back inside it; further back means unpacking from the start again.
 */
final class GzipContent implements Content {
  private final FileChannel channel;
  private @Nullable InputStream unpacked;
  // The end of what was unpacked so far, kept because the next read begins inside it.
  private byte[] held = new byte[0];
  private int heldBytes;
  private long unpackedTo;
  private long total = Long.MAX_VALUE;

  private GzipContent(FileChannel channel) {
    this.channel = channel;
  }

  static GzipContent open(Path path) throws IOException {
    return new GzipContent(FileChannel.open(path, StandardOpenOption.READ));
  }

  @Override
  public synchronized int read(byte[] into, int from, int count, long position) throws IOException {
    InputStream in = unpacked;
    if (in == null || position < unpackedTo - heldBytes) {
      in = restart();
    }
    if (position > unpackedTo) {
      heldBytes = 0;
      unpackedTo += skip(in, position - unpackedTo);
      if (unpackedTo < position) {
        total = unpackedTo;
        return 0;
      }
    }
    int again = (int) Math.min(count, unpackedTo - position);
    System.arraycopy(held, heldBytes - (int) (unpackedTo - position), into, from, again);
    if (again == count) {
      return count;
    }
    int fresh = in.readNBytes(into, from + again, count - again);
    unpackedTo += fresh;
    if (fresh < count - again) {
      total = unpackedTo;
    }
    int n = again + fresh;
    if (held.length < n) {
      held = new byte[n];
    }
    System.arraycopy(into, from, held, 0, n);
    heldBytes = n;
    return n;
  }

  private static long skip(InputStream in, long count) throws IOException {
    long skipped = 0;
    long n;
    do {
      n = in.skip(count - skipped);
      skipped += n;
    } while (n > 0 && skipped < count);
    return skipped;
  }

  private InputStream restart() throws IOException {
    channel.position(0);
    InputStream in = new GZIPInputStream(Channels.newInputStream(channel), 16 * 1024);
    unpacked = in;
    unpackedTo = 0;
    heldBytes = 0;
    return in;
  }

  @Override
  public synchronized long end() {
    return total;
  }

  @Override
  public long held() throws IOException {
    return channel.size();
  }

  @Override
  public boolean isFinal() {
    return true;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
