package io.logboom.input.tail;

import java.io.EOFException;
import java.io.IOException;

/**
 * A stretch of a file, by length and hash, to tell later whether it is still there. The head tells
 * files apart that had the same inode one after the other; the stretch before a position tells
 * whether that position still means the same in a file that may have been truncated and written
 * anew.
 */
record Sample(int length, long hash) {
  static final Sample NONE = new Sample(0, 0);

  /** The bytes at the start that stand for a file. */
  static final int HEAD = 1024;

  /** The bytes before a position that stand for it. */
  static final int TAIL = 64;

  static Sample of(byte[] bytes, int from, int count) {
    return count == 0 ? NONE : new Sample(count, Hash.of(bytes, from, from + count, 0));
  }

  /**
   * The first bytes of a file. Where it has few, whole lines of them: the start of a line is that
   * of the first line of other files, too.
   */
  static Sample head(Content content) throws IOException {
    byte[] bytes = new byte[HEAD];
    int n = content.read(bytes, 0, HEAD, 0);
    while (n > 0 && n < HEAD && !content.isFinal() && bytes[n - 1] != '\n') {
      n--;
    }
    return of(bytes, 0, n);
  }

  /**
   * The bytes before {@code position}.
   *
   * @throws EOFException where the file is shorter
   */
  static Sample before(Content content, long position) throws IOException {
    int count = (int) Math.min(TAIL, position);
    Sample found = read(content, position - count, count);
    if (found.length() < count) {
      throw new EOFException("the file is shorter than " + position + " bytes");
    }
    return found;
  }

  /** Whether the file starts with this sample. */
  boolean isHeadOf(Content content) throws IOException {
    return length == 0 || equals(read(content, 0, length));
  }

  /** Whether this sample stands before {@code position}. */
  boolean isBefore(Content content, long position) throws IOException {
    return length == 0 || (position >= length && equals(read(content, position - length, length)));
  }

  private static Sample read(Content content, long position, int count) throws IOException {
    byte[] bytes = new byte[count];
    return of(bytes, 0, content.read(bytes, 0, count, position));
  }
}
