package io.logboom.core.deadletter;

import io.logboom.api.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Goes through the letters of a segment, passing over damage. What is behind the last whole letter
 * is being written, or was when the process died.
 */
final class LetterScan {
  private static final int BUFFER = 64 * 1024;

  private final DiskFile file;
  private final SegmentName segment;
  private final long size;
  private final byte[] buffer = new byte[BUFFER];
  private LetterHeader header;
  private long offset;
  private long end;
  private long expected;

  LetterScan(DiskFile file, SegmentName segment) throws IOException {
    this.file = file;
    this.segment = segment;
    this.size = file.size();
    this.header = new LetterHeader(0, 0, 0);
    this.expected = segment.first();
  }

  /** Goes to the next whole letter, if there is one. */
  boolean next() throws IOException {
    long at = end;
    while (at >= 0 && at + LetterHeader.BYTES <= size) {
      if (isLetter(at)) {
        offset = at;
        end = at + LetterHeader.BYTES + header.length();
        expected = header.id() + 1;
        return true;
      }
      at = findMark(at + 1);
    }
    return false;
  }

  long id() {
    return header.id();
  }

  /** Where the letter's header is. */
  long offset() {
    return offset;
  }

  /** The bytes of its content. */
  int length() {
    return header.length();
  }

  /** Behind the letter. */
  long end() {
    return end;
  }

  private boolean isLetter(long at) throws IOException {
    if (file.read(buffer, 0, LetterHeader.BYTES, at) < LetterHeader.BYTES
        || ByteBuffer.wrap(buffer).getLong() != segment.mark()) {
      return false;
    }
    LetterHeader found = LetterHeader.read(buffer);
    if (found.length() < 0
        || found.length() > size - at - LetterHeader.BYTES
        || found.id() < expected
        // A segment has at least 24 bytes for each of its letters.
        || found.id() - segment.first() > at / LetterHeader.BYTES) {
      return false;
    }
    header = found;
    return crc(at + LetterHeader.BYTES) == found.crc();
  }

  private int crc(long from) throws IOException {
    CRC32C crc = new CRC32C();
    long at = from;
    long to = from + header.length();
    while (at < to) {
      int count = file.read(buffer, 0, (int) Math.min(BUFFER, to - at), at);
      if (count <= 0) {
        break;
      }
      crc.update(buffer, 0, count);
      at += count;
    }
    return LetterHeader.crc(crc, header.id(), header.length());
  }

  /** Where the mark stands next, from {@code from}; -1 where it does not. */
  private long findMark(long from) throws IOException {
    for (long at = from; ; at += BUFFER - Long.BYTES + 1) {
      int count = file.read(buffer, 0, BUFFER, at);
      ByteBuffer in = ByteBuffer.wrap(buffer);
      for (int i = 0; i + Long.BYTES <= count; i++) {
        if (in.getLong(i) == segment.mark()) {
          return at + i;
        }
      }
      if (count < BUFFER) {
        return -1;
      }
    }
  }
}
