package io.logboom.api.text;

import java.util.List;

/**
 * A regular expression in Ruby's syntax (Onigmo), as Fluent Bit reads it, applied to slices of
 * bytes. Immutable; safe for all threads.
 *
 * <p>{@code ^} and {@code $} stand at line breaks too; {@code \A} and {@code \z} are the ends of
 * the slice. {@code /.../imx} around the expression sets options: {@code i} ignores case, {@code m}
 * lets a dot match a line break, {@code x} allows blanks and comments. A search is not anchored.
 * Bytes that are not UTF-8 are matched as characters of their own.
 *
 * <p>A configuration record may have a component of this type.
 */
public interface Regex {
  /** The expression as the user wrote it. */
  String source();

  /** How many groups there are, group 0 (the whole match) aside. */
  int groups();

  /** The names of groups in the order in which they first stand in the expression, each once. */
  List<String> names();

  /** The numbers of the groups with this name, ascending; empty where there is none. */
  int[] groupsNamed(String name);

  /** Working memory to match with, for one thread. */
  Matcher matcher();

  /** Finds a match and tells where its groups are. Serves one thread. */
  interface Matcher {
    /**
     * Whether the expression matches somewhere in {@code bytes[from, to)}; the leftmost match
     * counts.
     */
    boolean search(byte[] bytes, int from, int to);

    /** Whether the expression matches a part of {@code bytes[from, to)} that starts at from. */
    boolean startsWith(byte[] bytes, int from, int to);

    /** Where the group starts in the array of the last match; -1 where it took no part. */
    int start(int group);

    /** Behind the group's last byte in the array of the last match; -1 where it took no part. */
    int end(int group);

    /**
     * Whether the last call answered no because trying took too long (catastrophic backtracking, or
     * a text beyond the limit of length), and not because it had found that there is no match.
     */
    boolean gaveUp();
  }
}
