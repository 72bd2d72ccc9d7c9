package io.logboom.core.deadletter;

import io.logboom.api.batch.Batch;
import io.logboom.api.disk.DiskFile;
import io.logboom.api.json.ByteSink;
import io.logboom.core.codec.BatchCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Writes letters to a file, a large one piece by piece, so that it takes no memory. A letter's
 * header comes last: until then it is none.
 */
final class LetterWriter implements ByteSink.Store {
  private static final int BUFFER = 64 * 1024;

  private final BatchCodec codec;
  private final byte[] buffer = new byte[BUFFER];
  private final ByteSink sink = new ByteSink(this, buffer);
  private final CRC32C crc = new CRC32C();
  private @Nullable DiskFile file;
  private long start;
  private long at;

  LetterWriter(BatchCodec codec) {
    this.codec = codec;
  }

  /**
   * Writes a letter at {@code offset} of the file.
   *
   * @return where it ends
   */
  long write(DiskFile to, long offset, long mark, long id, Envelope envelope, Batch batch)
      throws IOException {
    file = to;
    start = offset;
    at = offset;
    crc.reset();
    sink.reset(buffer);
    sink.position(LetterHeader.BYTES);
    try {
      envelope.write(sink);
      codec.encode(batch, sink);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return finish(to, mark, id);
  }

  private long finish(DiskFile to, long mark, long id) throws IOException {
    boolean whole = at == start;
    byte[] array = sink.array();
    int used = sink.position();
    int content = whole ? LetterHeader.BYTES : 0;
    crc.update(array, content, used - content);
    int length = Math.toIntExact(at + used - start - LetterHeader.BYTES);
    LetterHeader header = new LetterHeader(id, length, LetterHeader.crc(crc, id, length));
    if (whole) {
      header.write(mark, array);
      to.write(array, 0, used, start);
    } else {
      to.write(array, 0, used, at);
      byte[] front = new byte[LetterHeader.BYTES];
      header.write(mark, front);
      to.write(front, 0, front.length, start);
    }
    return at + used;
  }

  @Override
  public byte[] next(byte[] array, int used, int needed) {
    int from = at == start ? LetterHeader.BYTES : 0;
    crc.update(array, from, used - from);
    try {
      Objects.requireNonNull(file).write(array, from, used - from, at + from);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    at += used;
    return needed <= buffer.length ? buffer : new byte[needed];
  }

  @Override
  public int resumeAt(int used) {
    return 0;
  }
}
