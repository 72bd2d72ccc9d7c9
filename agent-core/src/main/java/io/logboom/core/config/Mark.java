package io.logboom.core.config;

import java.util.Comparator;

/**
 * A place in a configuration.
 *
 * @param file the file as the user named it, or what stands for it, such as {@code command line}
 * @param line from 1; 0 where there are no lines
 * @param column from 1, in characters
 */
public record Mark(String file, int line, int column) implements Comparable<Mark> {
  private static final Comparator<Mark> ORDER =
      Comparator.comparing(Mark::file).thenComparingInt(Mark::line).thenComparingInt(Mark::column);

  /** A place without lines: {@code command line}, {@code environment}. */
  public static Mark of(String where) {
    return new Mark(where, 0, 0);
  }

  @Override
  public int compareTo(Mark other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return line == 0 ? file : file + ':' + line + ':' + column;
  }
}
