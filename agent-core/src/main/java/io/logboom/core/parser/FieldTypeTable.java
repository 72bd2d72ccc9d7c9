package io.logboom.core.parser;

import io.logboom.core.config.FieldTypes;
import io.logboom.core.config.FieldTypes.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The types of a parser's members, looked up by the bytes of a name. */
final class FieldTypeTable {
  private final byte[][] names;
  private final Kind[] kinds;

  FieldTypeTable(@Nullable FieldTypes types) {
    Map<String, Kind> byName = types == null ? Map.of() : types.byName();
    names = new byte[byName.size()][];
    kinds = new Kind[names.length];
    int i = 0;
    for (Map.Entry<String, Kind> entry : byName.entrySet()) {
      names[i] = entry.getKey().getBytes(StandardCharsets.UTF_8);
      kinds[i++] = entry.getValue();
    }
  }

  /** The type of the member {@code b[from, to)}; {@link Kind#STRING} where none is given. */
  Kind find(byte[] b, int from, int to) {
    for (int i = 0; i < names.length; i++) {
      if (Arrays.equals(names[i], 0, names[i].length, b, from, to)) {
        return kinds[i];
      }
    }
    return Kind.STRING;
  }
}
