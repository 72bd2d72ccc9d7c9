package io.logboom.input.tail;

/**
 * A position in a file, and what stands before it: they are only ever changed together, so that
 * whoever looks never sees the one without the other.
 */
record Place(long position, Sample before) {
  static final Place START = new Place(0, Sample.NONE);
}
