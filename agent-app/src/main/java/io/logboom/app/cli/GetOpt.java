package io.logboom.app.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads flags as GNU {@code getopt_long} does: short ones joined ({@code -vv}), arguments attached
 * or apart, long ones shortened where that is not ambiguous.
 */
final class GetOpt {
  private final List<String> arguments;
  private int next;
  // Where in a word of joined short flags reading goes on; 0 outside of one.
  private int inside;

  /** A flag and its argument, null where it takes none. */
  record Found(Flag flag, @Nullable String argument) {
    /** The argument of a flag that takes one. */
    String value() {
      if (argument == null) {
        throw new IllegalStateException(flag + " takes no argument");
      }
      return argument;
    }
  }

  GetOpt(List<String> arguments) {
    this.arguments = arguments;
  }

  /** The next flag; null at the end. */
  @Nullable Found read() throws UsageException {
    if (inside > 0) {
      return shortFlag(arguments.get(next));
    }
    if (next == arguments.size()) {
      return null;
    }
    String word = arguments.get(next);
    if (word.startsWith("--") && word.length() > 2) {
      next++;
      return longFlag(word.substring(2));
    }
    if (word.startsWith("-") && word.length() > 1 && !word.equals("--")) {
      inside = 1;
      return shortFlag(word);
    }
    throw new UsageException("unexpected argument '" + word + "'");
  }

  private Found shortFlag(String word) throws UsageException {
    char letter = word.charAt(inside++);
    Flag flag = byLetter(letter);
    String rest = word.substring(inside);
    if (rest.isEmpty() || flag.takesArgument()) {
      inside = 0;
      next++;
    }
    if (!flag.takesArgument()) {
      return new Found(flag, null);
    }
    return new Found(flag, rest.isEmpty() ? following("-" + letter) : rest);
  }

  private Found longFlag(String word) throws UsageException {
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    Flag flag = byWord(name);
    if (!flag.takesArgument()) {
      if (equals >= 0) {
        throw new UsageException("--" + flag.word() + " takes no argument");
      }
      return new Found(flag, null);
    }
    return new Found(flag, equals < 0 ? following("--" + name) : word.substring(equals + 1));
  }

  private String following(String flag) throws UsageException {
    if (next == arguments.size()) {
      throw new UsageException(flag + " needs an argument");
    }
    return arguments.get(next++);
  }

  private static Flag byLetter(char letter) throws UsageException {
    for (Flag flag : Flag.values()) {
      if (flag.letter() == letter && letter != 0) {
        return flag;
      }
    }
    throw new UsageException("unknown flag -" + letter);
  }

  private static Flag byWord(String name) throws UsageException {
    Flag found = null;
    for (Flag flag : Flag.values()) {
      if (flag.word().equals(name)) {
        return flag;
      }
      if (flag.word().startsWith(name)) {
        if (found != null && found.letter() != flag.letter()) {
          throw new UsageException(
              "--" + name + " may be --" + found.word() + " or --" + flag.word());
        }
        found = found == null ? flag : found;
      }
    }
    if (found == null) {
      throw new UsageException("unknown flag --" + name);
    }
    return found;
  }
}
