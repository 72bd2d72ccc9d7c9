package io.logboom.core.deadletter;

import io.logboom.api.batch.Batch;
import io.logboom.api.disk.DiskFile;
import io.logboom.core.codec.BatchCodec;
import io.logboom.core.codec.DamagedException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads what is in a letter that {@link LetterScan} has found whole. */
final class LetterFile {
  private final byte[] front = new byte[LetterHeader.BYTES + Envelope.MOST + BatchCodec.HEADER];

  /** Reads the letter's beginning; returns how many bytes of its content came with it. */
  private int begin(DiskFile file, long offset) throws IOException, DamagedException {
    int count = file.read(front, 0, front.length, offset) - LetterHeader.BYTES;
    int length = count < 0 ? -1 : LetterHeader.read(front).length();
    if (length < 0) {
      throw new DamagedException("the letter is cut off");
    }
    return Math.min(count, length);
  }

  Envelope envelope(DiskFile file, long offset) throws IOException, DamagedException {
    int count = begin(file, offset);
    return Envelope.read(front, LetterHeader.BYTES, count);
  }

  /**
   * Reads the record of the letter whose header is at {@code offset}.
   *
   * @return null where there is no memory now
   */
  @Nullable Batch record(DiskFile file, long offset, BatchCodec codec, ReplayMemory memory)
      throws IOException, DamagedException {
    int envelope = Envelope.length(front, LetterHeader.BYTES, begin(file, offset));
    int payload = LetterHeader.read(front).length() - envelope;
    int needed = codec.memoryFor(front, LetterHeader.BYTES + envelope, payload);
    Batch batch = memory.open(needed);
    if (batch == null) {
      return null;
    }
    boolean whole = false;
    try {
      long at = offset + LetterHeader.BYTES + envelope;
      if (file.read(batch.bytes(), 0, payload, at) < payload) {
        throw new DamagedException("the record is cut off");
      }
      codec.decode(batch, payload);
      whole = batch.size() > 0;
    } finally {
      if (!whole) {
        memory.release(batch);
      }
    }
    if (!whole) {
      throw new DamagedException("a letter without a record");
    }
    return batch;
  }
}
