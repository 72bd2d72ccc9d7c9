package io.logboom.input.tail;

import io.logboom.api.json.Swar;
import java.io.IOException;

/** One line, one record, whatever it is: no format, no parser, nothing joined. */
final class RawFramer implements Framer {
  @Override
  public int frame(Region region, int from, int to) throws IOException {
    int i = from;
    while (i < to) {
      int next = Swar.indexOf(region.bytes(), i, to, (byte) '\n');
      if (!region.plain(i, next)) {
        return i;
      }
      region.parsed(false);
      i = next + 1;
    }
    return i;
  }
}
