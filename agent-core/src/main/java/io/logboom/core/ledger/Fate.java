package io.logboom.core.ledger;

/** How a record's way to an output ended. */
public enum Fate {
  /** It arrived. */
  DELIVERED(Kind.ARRIVED, "delivered", true),

  /** The output threw it away because its configuration says so. */
  DISCARDED(Kind.DISCARDED, "discarded", true),

  /** It goes back to its input, which brings it again and is credited with it again. */
  AGAIN(Kind.AGAIN, "again", false),

  /** The receiver will never take it; it is in the dead letters. */
  REJECTED_KEPT(Kind.KEPT, "rejected", true),

  /** Out of retries; it is in the dead letters. */
  EXHAUSTED_KEPT(Kind.KEPT, "retries_exhausted", false),

  /** The receiver will never take it, and dead letters are off. */
  REJECTED(Kind.LOST, "rejected", true),

  /** Out of retries, and dead letters are off. */
  EXHAUSTED(Kind.LOST, "retries_exhausted", false),

  /** The spool was at its cap, and the oldest goes first. */
  OVERFLOW_OLDEST(Kind.LOST, "drop_oldest", false),

  /** The spool was at its cap, and the newest is not taken. */
  OVERFLOW_NEWEST(Kind.LOST, "drop_newest", false),

  /** What the spool gave back was not what had been written to it. */
  DAMAGED(Kind.LOST, "damaged", false),

  /**
   * The output was removed while it was in its spool. It stays there, and comes in again as
   * recovered when there is such an output again.
   */
  LEFT(Kind.LEFT, "left", false);

  private final Kind kind;
  private final String word;
  private final boolean answered;

  Fate(Kind kind, String word, boolean answered) {
    this.kind = kind;
    this.word = word;
    this.answered = answered;
  }

  /** What it comes to. */
  public Kind kind() {
    return kind;
  }

  /** The word for it in a report, beside its kind: the reason. */
  public String word() {
    return word;
  }

  /** Whether the receiver had its say: it is there and takes or refuses records. */
  public boolean isAnswer() {
    return answered;
  }

  /** What a fate comes to, whatever the reason. */
  public enum Kind {
    ARRIVED,
    DISCARDED,
    AGAIN,
    /** Dead letters. */
    KEPT,
    LOST,
    /** In the spool of an output that was removed. */
    LEFT
  }
}
