package io.logboom.input.tail;

import java.io.IOException;

/** Makes records of lines. One thread; keeps nothing of a file. */
interface Framer {
  /**
   * Frames {@code [from, to)} of the region's slab, which ends behind a line break.
   *
   * @return where it stopped: {@code to}; or the start of a line that the batch has no room for, or
   *     that another framer should see (it has then set the file's framer)
   */
  int frame(Region region, int from, int to) throws IOException;
}
