package io.logboom.testkit.output;

/** A way in which a backend fails, and what the reason of the retry says of it. */
interface Trouble {
  /** What is sent: a small request, or one with more than the kernel takes in. */
  enum Size {
    SMALL,
    LARGE
  }

  /** An expression for the reason. */
  String words();

  Size size();

  /** Whether it is found out by waiting. */
  boolean takesTime();

  /** How many seconds the backend asks to wait, roughly. */
  default int leastWait() {
    return 0;
  }

  /** Begins on a port, until it is closed. */
  AutoCloseable begin(OutputUnderTest suite, int port) throws Exception;
}
