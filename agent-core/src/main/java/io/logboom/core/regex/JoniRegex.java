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
 * A {@link Regex} on joni, the Java port of Onigmo; and, for the usual expressions on the usual
 * text, without it.
 *
 * <p>Text that is ASCII, as nearly all log text is, is matched by {@link Direct} where that knows
 * the expression; joni then does not even compile it before text that is not ASCII comes. joni has
 * two forms of an expression: for UTF-8; and for single bytes, which is about twice as fast, gives
 * the same answers on ASCII, and serves for text that is not UTF-8. An expression that is not ASCII
 * itself, or asks for Unicode properties, has the first form only.
 */
public final class JoniRegex implements Regex {
  private final String source;
  private final Pattern pattern;
  private final @Nullable Direct direct;
  private final int groups;
  private final Map<String, int[]> named;
  private @Nullable Forms forms;

  /** What joni has compiled. */
  record Forms(org.joni.Regex utf8, org.joni.@Nullable Regex bytes) {}

  private JoniRegex(
      String source,
      Pattern pattern,
      @Nullable Direct direct,
      int groups,
      Map<String, int[]> named,
      @Nullable Forms forms) {
    this.source = source;
    this.pattern = pattern;
    this.direct = direct;
    this.groups = groups;
    this.named = named;
    this.forms = forms;
  }

  /**
   * Reads an expression.
   *
   * @throws RegexSyntaxException where it is not one
   */
  public static JoniRegex compile(String source) {
    Pattern pattern = Pattern.of(source);
    ExpressionReader.Result read = ExpressionReader.read(pattern);
    if (read != null) {
      Map<String, int[]> named = new LinkedHashMap<>();
      read.names()
          .forEach((k, v) -> named.put(k, v.stream().mapToInt(Integer::intValue).toArray()));
      return new JoniRegex(source, pattern, Direct.of(read), read.groups(), named, null);
    }
    return compileWithJoni(source, pattern);
  }

  /** As {@link #compile}, always with joni. */
  static JoniRegex compileWithJoni(String source, Pattern pattern) {
    Forms forms = forms(pattern);
    return new JoniRegex(
        source, pattern, null, forms.utf8().numberOfCaptures(), named(forms.utf8()), forms);
  }

  private static Forms forms(Pattern pattern) {
    try {
      return new Forms(compile(pattern, NonStrictUTF8Encoding.INSTANCE), singleByte(pattern));
    } catch (JOniException | JCodingsException e) {
      throw syntax(pattern, e);
    }
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

  /** What joni has compiled; compiled at the first call, where it was not needed before. */
  synchronized Forms forms() {
    Forms known = forms;
    if (known == null) {
      known = forms(pattern);
      forms = known;
    }
    return known;
  }

  @Nullable Direct direct() {
    return direct;
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
    return groups;
  }

  @Override
  public List<String> names() {
    return List.copyOf(named.keySet());
  }

  @Override
  public int[] groupsNamed(String name) {
    int[] numbers = named.get(name);
    return numbers == null ? new int[0] : numbers.clone();
  }

  @Override
  public Matcher matcher() {
    return new JoniMatcher(this);
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
