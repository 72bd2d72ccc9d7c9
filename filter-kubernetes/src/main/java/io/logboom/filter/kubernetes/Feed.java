package io.logboom.filter.kubernetes;

/** Brings pods into the store, on a thread of its own. */
interface Feed extends AutoCloseable {
  /** What may be hoped for of a pod that is not known. */
  enum Hope {
    /** Nothing was heard of the server yet. */
    UNHEARD,
    /** If it exists it should be known in a moment. */
    SOON,
    /** It does not exist, or the server is not to be reached: waiting is no use. */
    NONE
  }

  /** Returns at once. */
  void start();

  /**
   * Told by the filter's thread that a pod is not known. Returns at once.
   *
   * @param local whether the log is a file of this node
   */
  Hope missing(LogName log, boolean local);

  /** The thread has ended when this returns. */
  @Override
  void close();
}
