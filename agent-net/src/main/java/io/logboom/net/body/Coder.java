package io.logboom.net.body;

/** Compresses one body after another. One thread at a time. */
interface Coder extends AutoCloseable {
  /** Writes what stands before the first block. */
  void begin(Segments out);

  /** Takes the next of the body's bytes. */
  void block(byte[] bytes, int count, Segments out);

  /** Writes what is left. */
  void finish(Segments out);

  /** Forgets the body. */
  void reset();

  /** Gives back what is not on the heap. */
  @Override
  void close();
}
