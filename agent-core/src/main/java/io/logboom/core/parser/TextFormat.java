package io.logboom.core.parser;

/** Finds members in a text. One instance per thread. */
interface TextFormat {
  /** What a text turned out to be. */
  enum Answer {
    /** Not of this format. */
    REFUSED,
    /** Members, no name among them twice. */
    MEMBERS,
    /** Members, among which a name may be twice. */
    UNSURE
  }

  /** Writes the members of the text {@code b[from, to)}. */
  Answer read(byte[] b, int from, int to, Members out);
}
