package io.logboom.input.tail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file that is read as it is. */
final class PlainContent implements Content {
  private final FileChannel channel;

  private PlainContent(FileChannel channel) {
    this.channel = channel;
  }

  static PlainContent open(Path path) throws IOException {
    return new PlainContent(FileChannel.open(path, StandardOpenOption.READ));
  }

  @Override
  public int read(byte[] into, int from, int count, long position) throws IOException {
    ByteBuffer target = ByteBuffer.wrap(into, from, count);
    int done = 0;
    while (done < count) {
      int n = channel.read(target, position + done);
      if (n <= 0) {
        break;
      }
      done += n;
    }
    return done;
  }

  @Override
  public long end() throws IOException {
    return channel.size();
  }

  @Override
  public long held() throws IOException {
    return channel.size();
  }

  @Override
  public boolean isFinal() {
    return false;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
