package io.logboom.input.tail;

/**
 * A position in a file, what stands before it, and what is done behind it: they are only ever
 * changed together, so that whoever looks never sees the one without the other.
 */
record Place(long position, Sample before, Taken taken) {
  static final Place START = new Place(0, Sample.NONE);

  Place(long position, Sample before) {
    this(position, before, Taken.NONE);
  }
}
