package io.logboom.input.forward;

import org.jspecify.annotations.Nullable;

/**
 * Where a connection's frames say what became of them. A frame may be under way for hours after its
 * connection: of that nothing is kept.
 */
final class Answers {
  private final Lane lane;
  private @Nullable Connection connection;

  Answers(Lane lane, Connection connection) {
    this.lane = lane;
    this.connection = connection;
  }

  /** The connection is no more, or as good as that. */
  void ended() {
    connection = null;
  }

  /** All records of the chunk are done. */
  void acknowledge(byte[] chunk) {
    if (connection != null) {
      connection.acknowledge(chunk);
    }
  }

  /** Records of a chunk are not: its sender has them still. */
  void notDelivered() {
    lane.notAcknowledged();
    if (connection != null) {
      connection.end(Fault.NOT_DELIVERED, Fault.NOT_DELIVERED.text);
    }
  }

  /** So many records without a chunk are not. */
  void lost(long records) {
    lane.lost(records);
  }

  /** Counts memory of a chunk that is under way; negative to give back. */
  void charge(long bytes) {
    lane.chargeUnderWay(bytes);
  }
}
