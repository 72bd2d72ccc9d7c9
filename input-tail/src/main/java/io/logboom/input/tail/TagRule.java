package io.logboom.input.tail;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a file's tag comes from its path, as Fluent Bit makes it. */
final class TagRule {
  private static final Pattern GROUP = Pattern.compile("\\(\\?<([A-Za-z_][A-Za-z0-9_]*)>");
  private static final Pattern USE = Pattern.compile("<([A-Za-z_][A-Za-z0-9_]*)>");

  private final String tag;
  private final @Nullable Pattern pattern;
  private final List<String> groups;

  private TagRule(String tag, @Nullable Pattern pattern, List<String> groups) {
    this.tag = tag;
    this.pattern = pattern;
    this.groups = groups;
  }

  /**
   * @param tag with {@code *} for the path, or with {@code <name>} for a group of the expression
   * @throws java.util.regex.PatternSyntaxException where the expression is wrong
   */
  static TagRule of(String tag, @Nullable String regex) {
    if (regex == null) {
      return new TagRule(tag, null, List.of());
    }
    // Java's group names have no underscore: the groups are renamed and looked up by place.
    List<String> groups = new ArrayList<>();
    Matcher names = GROUP.matcher(regex);
    StringBuilder renamed = new StringBuilder();
    while (names.find()) {
      names.appendReplacement(renamed, Matcher.quoteReplacement("(?<g" + groups.size() + "x>"));
      groups.add(names.group(1));
    }
    names.appendTail(renamed);
    return new TagRule(tag, Pattern.compile(renamed.toString(), Pattern.MULTILINE), groups);
  }

  /** The tag; null where the expression does not match, and the file is not to be followed. */
  @Nullable String tag(String path) {
    if (pattern != null) {
      Matcher found = pattern.matcher(path);
      return found.find() ? filled(found) : null;
    }
    int star = tag.indexOf('*');
    if (star < 0) {
      return tag;
    }
    String expanded = tag.substring(0, star) + path + tag.substring(star + 1);
    String dotted = expanded.replaceAll("[/\\\\:]", ".").replace("*", "");
    String single = dotted.replaceAll("\\.{2,}", ".");
    int from = single.startsWith(".") ? 1 : 0;
    int to = single.endsWith(".") && single.length() > from ? single.length() - 1 : single.length();
    return single.substring(from, to);
  }

  private String filled(Matcher found) {
    Matcher uses = USE.matcher(tag);
    StringBuilder out = new StringBuilder();
    while (uses.find()) {
      String value = null;
      for (int i = 0; i < groups.size(); i++) {
        if (groups.get(i).equals(uses.group(1)) && found.group("g" + i + "x") != null) {
          value = found.group("g" + i + "x");
        }
      }
      uses.appendReplacement(out, Matcher.quoteReplacement(value == null ? "_" : value));
    }
    return uses.appendTail(out).toString();
  }
}
