package io.logboom.core.parser;

import io.logboom.api.batch.Names;
import io.logboom.api.meter.Counter;
import io.logboom.api.text.Regex;
import io.logboom.core.config.FieldTypes.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Each named group of a regular expression is a member. */
final class RegexFormat implements TextFormat {
  private final Regex.Matcher matcher;
  private final Names names;
  private final Counter gaveUp;
  private final boolean skipEmpty;
  private final @Nullable TimeField time;
  // For each name: how JSON writes it, with quotes and colon; its groups; its type.
  private final byte[][] keys;
  private final int[][] groups;
  private final Kind[] kinds;
  private final int timeIndex;

  RegexFormat(
      Regex regex,
      FieldTypeTable types,
      @Nullable TimeField time,
      boolean skipEmpty,
      ParserTools tools) {
    List<String> groupNames = regex.names();
    this.matcher = regex.matcher();
    this.names = tools.names();
    this.gaveUp = tools.gaveUp();
    this.skipEmpty = skipEmpty;
    this.time = time;
    this.keys = new byte[groupNames.size()][];
    this.groups = new int[keys.length][];
    this.kinds = new Kind[keys.length];
    int timeAt = -1;
    for (int i = 0; i < keys.length; i++) {
      byte[] name = groupNames.get(i).getBytes(StandardCharsets.UTF_8);
      keys[i] = ("\"" + groupNames.get(i) + "\":").getBytes(StandardCharsets.UTF_8);
      groups[i] = regex.groupsNamed(groupNames.get(i));
      kinds[i] = types.find(name, 0, name.length);
      if (time != null && time.isNamed(name, 0, name.length)) {
        timeAt = i;
      }
    }
    this.timeIndex = timeAt;
  }

  @Override
  public Answer read(byte[] b, int from, int to, Members out) {
    if (!matcher.search(b, from, to)) {
      if (matcher.gaveUp()) {
        gaveUp.add(1);
      }
      return Answer.REFUSED;
    }
    for (int i = 0; i < keys.length; i++) {
      int group = taken(groups[i]);
      int start = Math.max(0, matcher.start(group));
      int end = Math.max(0, matcher.end(group));
      if ((start == end && skipEmpty) || (i == timeIndex && !keepsTime(b, start, end))) {
        continue;
      }
      out.key(keys[i], names.find(keys[i], 1, keys[i].length - 2));
      out.value(kinds[i], b, start, end);
    }
    return Answer.MEMBERS;
  }

  /** A time that cannot be read is left out, as Fluent Bit does. */
  private boolean keepsTime(byte[] b, int from, int to) {
    TimeField field = time;
    return field == null || (field.read(b, from, to) && field.keep());
  }

  /** Of the groups with one name, the last one that took part. */
  private int taken(int[] numbers) {
    for (int k = numbers.length - 1; k > 0; k--) {
      if (matcher.start(numbers[k]) >= 0) {
        return numbers[k];
      }
    }
    return numbers[0];
  }
}
