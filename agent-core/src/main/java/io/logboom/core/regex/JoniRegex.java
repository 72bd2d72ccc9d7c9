package io.logboom.core.regex;

import io.logboom.api.text.Regex;
import io.logboom.api.text.RegexSyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jcodings.Encoding;
import org.jcodings.exception.JCodingsException;
import org.jcodings.specific.ASCIIEncoding;
import org.jcodings.specific.NonStrictUTF8Encoding;
import org.joni.NameEntry;
import org.joni.Option;
import org.joni.Syntax;
import org.joni.WarnCallback;
import org.joni.exception.JOniException;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Regex} on joni.
 *
 * <p>The expression is compiled twice: for UTF-8, and for single bytes, which is about twice as
 * fast and gives the same answers on text that is ASCII, as nearly all log text is; it also serves
 * for text that is not UTF-8. An expression that is not ASCII itself, or asks for Unicode
 * properties, has the first form only.
 */
public final class JoniRegex implements Regex {
  private final String source;
  private final org.joni.Regex utf8;
  private final org.joni.@Nullable Regex ascii;
  private final Map<String, int[]> groups;

  private JoniRegex(
      String source,
      org.joni.Regex utf8,
      org.joni.@Nullable Regex ascii,
      Map<String, int[]> groups) {
    this.source = source;
    this.utf8 = utf8;
    this.ascii = ascii;
    this.groups = groups;
  }

  /**
   * Reads an expression.
   *
   * @throws RegexSyntaxException where it is not one
   */
  public static JoniRegex compile(String source) {
    Pattern pattern = Pattern.of(source);
    org.joni.Regex utf8;
    try {
      utf8 = compile(pattern, NonStrictUTF8Encoding.INSTANCE);
    } catch (JOniException | JCodingsException e) {
      throw syntax(pattern, e);
    }
    return new JoniRegex(source, utf8, singleByte(pattern), named(utf8));
  }

  private static org.joni.@Nullable Regex singleByte(Pattern pattern) {
    if (!pattern.isAscii()) {
      return null;
    }
    try {
      return compile(pattern, ASCIIEncoding.INSTANCE);
    } catch (JOniException | JCodingsException e) {
      return null; // it needs Unicode: \p{Greek}, \u00e9
    }
  }

  private static org.joni.Regex compile(Pattern pattern, Encoding encoding) {
    byte[] text = pattern.text().getBytes(StandardCharsets.UTF_8);
    return new org.joni.Regex(
        text,
        0,
        text.length,
        pattern.options() | Option.CAPTURE_GROUP,
        encoding,
        Syntax.RUBY,
        WarnCallback.NONE);
  }

  private static RegexSyntaxException syntax(Pattern pattern, RuntimeException e) {
    String why = String.valueOf(e.getMessage());
    int at = pattern.from() + Failure.position(pattern.text(), why, t -> failure(pattern, t));
    return new RegexSyntaxException(why + " at character " + (at + 1), at);
  }

  private static @Nullable String failure(Pattern pattern, String text) {
    try {
      compile(new Pattern(text, 0, pattern.options()), NonStrictUTF8Encoding.INSTANCE);
      return null;
    } catch (JOniException | JCodingsException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static Map<String, int[]> named(org.joni.Regex regex) {
    if (regex.numberOfNames() == 0) {
      return Map.of();
    }
    List<NameEntry> entries = new ArrayList<>();
    regex.namedBackrefIterator().forEachRemaining(entries::add);
    entries.sort((a, b) -> Integer.compare(a.getBackRefs()[0], b.getBackRefs()[0]));
    Map<String, int[]> result = new LinkedHashMap<>();
    for (NameEntry entry : entries) {
      int length = entry.nameEnd - entry.nameP;
      result.put(
          new String(entry.name, entry.nameP, length, StandardCharsets.UTF_8),
          entry.getBackRefs().clone());
    }
    return Collections.unmodifiableMap(result);
  }

  @Override
  public String source() {
    return source;
  }

  @Override
  public int groups() {
    return utf8.numberOfCaptures();
  }

  @Override
  public List<String> names() {
    return List.copyOf(groups.keySet());
  }

  @Override
  public int[] groupsNamed(String name) {
    int[] numbers = groups.get(name);
    return numbers == null ? new int[0] : numbers.clone();
  }

  @Override
  public Matcher matcher() {
    return new JoniMatcher(utf8, ascii);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof JoniRegex regex && regex.source.equals(source);
  }

  @Override
  public int hashCode() {
    return source.hashCode();
  }

  @Override
  public String toString() {
    return source;
  }
}
