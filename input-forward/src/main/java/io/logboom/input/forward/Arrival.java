package io.logboom.input.forward;

import io.logboom.api.plugin.Settlement;
import org.jspecify.annotations.Nullable;

/**
 * A frame whose records are on their way: it is acknowledged when it has ended and all batches with
 * records of it are done. Its lane's alone.
 */
final class Arrival {
  /** What each part of a batch is charged for covers an id of so many bytes. */
  private static final int USUAL_ID = 64;

  private final Answers answers;
  private byte @Nullable [] chunk;
  private int pending;
  private int charged;
  private boolean ended;
  private boolean failed;
  private long lost;

  Arrival(Answers answers) {
    this.answers = answers;
  }

  /** A batch with records of it has been given away, or will be. */
  void enters() {
    pending++;
  }

  /** The frame has come whole, with this chunk's id or without one. */
  void ends(byte @Nullable [] id) {
    chunk = id;
    ended = true;
    if (pending > 0 && id != null && id.length > USUAL_ID) {
      charged = id.length;
      answers.charge(charged);
    }
    conclude();
  }

  /** One of the batches that it entered is settled; this many of its records were in it. */
  void settled(Settlement settlement, long records) {
    pending--;
    if (settlement == Settlement.AGAIN) {
      failed = true;
      lost += records;
    }
    conclude();
  }

  private void conclude() {
    if (!ended || pending > 0) {
      return;
    }
    if (charged > 0) {
      answers.charge(-charged);
    }
    if (!failed) {
      if (chunk != null) {
        answers.acknowledge(chunk);
      }
    } else if (chunk != null) {
      answers.notDelivered();
    } else {
      answers.lost(lost);
    }
  }
}
