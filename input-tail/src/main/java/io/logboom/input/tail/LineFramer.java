package io.logboom.input.tail;

import io.logboom.api.json.Swar;
import io.logboom.api.plugin.Parser;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One line, one record, unless lines are joined; a parser may turn it into members. */
final class LineFramer implements Framer {
  private final @Nullable Parser parser;

  LineFramer(@Nullable Parser parser) {
    this.parser = parser;
  }

  @Override
  public int frame(Region region, int from, int to) throws IOException {
    int i = from;
    while (i < to) {
      byte[] b = region.bytes();
      int next = Swar.indexOf(b, i, to, (byte) '\n');
      int end = next - i >= 1 && b[next - 1] == '\r' ? next - 1 : next;
      int before = region.batch().size();
      if (!region.line(i, end)) {
        return i;
      }
      if (parser != null && region.batch().size() > before) {
        boolean parsed = parser.parse(region.batch(), before);
        region.parsed(parsed);
      }
      i = next + 1;
    }
    return i;
  }
}
