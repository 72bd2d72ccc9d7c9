package io.logboom.input.forward;

import io.logboom.api.plugin.Settlement;
import org.jspecify.annotations.Nullable;

/**
 * A frame whose records are on their way: it is acknowledged when it has ended and all batches with
 * records of it are done. Its lane's alone.
 */
final class Arrival {
  private final Connection connection;
  private byte @Nullable [] chunk;
  private int pending;
  private boolean ended;
  private boolean failed;
  private long lost;

  Arrival(Connection connection) {
    this.connection = connection;
  }

  /** A batch with records of it has been given away, or will be. */
  void enters() {
    pending++;
  }

  /** The frame has come whole, with this chunk's id or without one. */
  void ends(byte @Nullable [] id) {
    chunk = id;
    ended = true;
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
    if (!failed) {
      if (chunk != null) {
        connection.acknowledge(chunk);
      }
    } else if (chunk != null) {
      connection.notDelivered();
    } else {
      connection.lost(lost);
    }
  }
}
