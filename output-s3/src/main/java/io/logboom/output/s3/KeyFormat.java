package io.logboom.output.s3;

import io.logboom.api.time.Strftime;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code s3_key_format}: an object's key from its tag, its records' time, a counter and a random
 * part. Safe for all threads.
 *
 * <p>Where the format has neither {@code $UUID} nor {@code $INDEX} a random part is added, in front
 * of the extension that the format ends with, so that no object replaces another one.
 */
final class KeyFormat {
  /** S3's bound for a key, in bytes of UTF-8. */
  private static final int MOST_BYTES = 1024;

  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final Pattern VARIABLE = Pattern.compile("\\$(?:TAG\\[([0-9])\\]|TAG|UUID|INDEX)");
  private static final Pattern EXTENSION = Pattern.compile("[^/]*?(\\.[A-Za-z0-9.]+)");
  private static final long HOUR = 3600;
  private static final long DAY = 86_400;

  /** A part of a key. */
  private sealed interface Part {
    record Literal(String text) implements Part {}

    record Tag(int number) implements Part {}

    record Time(Strftime format) implements Part {}

    record Uuid() implements Part {}

    record Index() implements Part {}

    /** Where the random part goes that the format does not have. */
    record Added() implements Part {}
  }

  private static final int WHOLE = -1;

  private final SecureRandom random = new SecureRandom();
  private final List<Part> parts;
  private final String delimiters;
  private final long periodSeconds;
  private final boolean unique;

  private KeyFormat(List<Part> parts, String delimiters, long periodSeconds, boolean unique) {
    this.parts = List.copyOf(parts);
    this.delimiters = delimiters;
    this.periodSeconds = periodSeconds;
    this.unique = unique;
  }

  /**
   * Reads a format.
   *
   * @param delimiters characters that part a tag
   * @param fixed whether nothing is added to make keys unique
   * @throws IllegalArgumentException with the rule that is broken
   */
  static KeyFormat parse(String format, String delimiters, boolean fixed) {
    if (!format.startsWith("/") || format.length() < 2) {
      throw new IllegalArgumentException("does not begin with / or has nothing behind it");
    }
    List<Part> parts = new ArrayList<>();
    Matcher m = VARIABLE.matcher(format);
    int from = 1;
    String end = "";
    while (m.find()) {
      between(format.substring(from, m.start()), parts);
      String name = m.group();
      parts.add(
          switch (name) {
            case "$TAG" -> new Part.Tag(WHOLE);
            case "$UUID" -> new Part.Uuid();
            case "$INDEX" -> new Part.Index();
            default -> new Part.Tag(Integer.parseInt(m.group(1)));
          });
      from = m.end();
    }
    String last = format.substring(from);
    boolean unique =
        parts.stream().anyMatch(p -> p instanceof Part.Uuid || p instanceof Part.Index);
    if (unique || fixed) {
      between(last, parts);
    } else {
      int behind = last.lastIndexOf('%');
      String literal = behind < 0 ? last : last.substring(Math.min(behind + 2, last.length()));
      Matcher extension = EXTENSION.matcher(literal.substring(literal.lastIndexOf('/') + 1));
      if (extension.matches()) {
        end = extension.group(1);
      }
      between(last.substring(0, last.length() - end.length()), parts);
      parts.add(new Part.Added());
      if (!end.isEmpty()) {
        parts.add(new Part.Literal(end));
      }
    }
    return new KeyFormat(parts, delimiters, period(format), unique || !fixed);
  }

  private static void between(String text, List<Part> parts) {
    if (text.isEmpty()) {
      return;
    }
    if (text.indexOf('$') >= 0) {
      throw new IllegalArgumentException(
          "has a $ that is none of $TAG, $TAG[0] to $TAG[9], $UUID and $INDEX");
    }
    parts.add(
        text.indexOf('%') >= 0 ? new Part.Time(Strftime.parse(text)) : new Part.Literal(text));
  }

  /** The span of time whose records may share an object: an hour, a day, or all time. */
  private static long period(String format) {
    long period = 0;
    for (int i = format.indexOf('%');
        i >= 0 && i + 1 < format.length();
        i = format.indexOf('%', i + 2)) {
      char c = format.charAt(i + 1);
      if ("nt%zZ".indexOf(c) >= 0) {
        continue;
      }
      boolean hours = "HIklMSspPTrRcX".indexOf(c) >= 0;
      period = hours || period == HOUR ? HOUR : DAY;
    }
    return period;
  }

  /** Whether two objects never have the same key. */
  boolean isUnique() {
    return unique;
  }

  /** The period of a time: records of different periods go to different objects. */
  long period(long epochSecond) {
    return periodSeconds == 0 ? 0 : Math.floorDiv(epochSecond, periodSeconds) * periodSeconds;
  }

  /** The second from which on {@link #period} is another one. */
  long periodEnd(long epochSecond) {
    return periodSeconds == 0 ? Long.MAX_VALUE : period(epochSecond) + periodSeconds;
  }

  /** A key with a random part of its own. */
  String key(String tag, long second, long index) {
    StringBuilder uuid = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      uuid.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return key(tag, second, uuid.toString(), index);
  }

  /**
   * A key.
   *
   * @param second the time of the object's first record
   * @param uuid eight random letters and digits
   */
  String key(String tag, long second, String uuid, long index) {
    StringBuilder key = new StringBuilder();
    String[] split = null;
    for (Part part : parts) {
      switch (part) {
        case Part.Literal(String text) -> key.append(text);
        case Part.Time(Strftime format) -> key.append(format.format(second));
        case Part.Uuid _ -> key.append(uuid);
        case Part.Index _ -> key.append(index);
        case Part.Added _ -> key.append("-object").append(uuid);
        case Part.Tag(int number) -> {
          if (number == WHOLE) {
            key.append(tag);
          } else {
            split = split == null ? split(tag) : split;
            key.append(number < split.length ? split[number] : "");
          }
        }
      }
    }
    return bounded(key.toString(), uuid);
  }

  private String[] split(String tag) {
    List<String> all = new ArrayList<>();
    int from = 0;
    for (int i = 0; i <= tag.length(); i++) {
      if (i == tag.length() || delimiters.indexOf(tag.charAt(i)) >= 0) {
        // As strtok has it: delimiters side by side part once.
        if (i > from) {
          all.add(tag.substring(from, i));
        }
        from = i + 1;
      }
    }
    return all.toArray(String[]::new);
  }

  /** A key that S3 would not take for its length is cut, and stays unique. */
  private static String bounded(String key, String uuid) {
    byte[] utf8 = key.getBytes(StandardCharsets.UTF_8);
    if (utf8.length <= MOST_BYTES) {
      return key;
    }
    int end = MOST_BYTES - uuid.length() - 1;
    while (end > 0 && (utf8[end] & 0xC0) == 0x80) {
      end--;
    }
    return new String(utf8, 0, end, StandardCharsets.UTF_8) + "-" + uuid;
  }
}
