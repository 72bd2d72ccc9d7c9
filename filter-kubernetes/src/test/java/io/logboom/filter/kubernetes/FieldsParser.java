package io.logboom.filter.kubernetes;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Parser;
import java.nio.charset.StandardCharsets;

/**
 * A parser that splits text at a character into members with given names, and takes nothing else.
 */
final class FieldsParser implements Parser {
  private final String name;
  private final char separator;
  private final String[] members;

  FieldsParser(String name, char separator, String... members) {
    this.name = name;
    this.separator = separator;
    this.members = members;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean parse(Batch batch, int record) {
    String text =
        new String(
            batch.bytes(), batch.offset(record), batch.length(record), StandardCharsets.UTF_8);
    String[] parts = text.split(java.util.regex.Pattern.quote(String.valueOf(separator)), -1);
    if (parts.length != members.length) {
      return false;
    }
    StringBuilder json = new StringBuilder("{");
    for (int i = 0; i < parts.length; i++) {
      json.append(i == 0 ? "" : ",")
          .append(Rig.JSON.valueToTree(members[i]).toString())
          .append(':')
          .append(Rig.JSON.valueToTree(parts[i]).toString());
    }
    byte[] bytes = json.append('}').toString().getBytes(StandardCharsets.UTF_8);
    int at = batch.append(bytes, 0, bytes.length);
    batch.json(record, at, bytes.length, 0);
    return true;
  }
}
