package io.logboom.input.http;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Settlement;
import io.logboom.net.lane.Gate;
import java.util.List;

/**
 * A batch to be given away, and whom to tell what became of it.
 *
 * @param uploads whose records are in it
 */
record Sealed(Batch batch, List<Upload> uploads, Lane lane) implements Gate.Load {
  /** For each record there is a client that waits. */
  @Override
  public boolean isAwaited() {
    return true;
  }

  @Override
  public void settled(Settlement settlement) {
    lane.loop()
        .execute(
            () -> {
              for (Upload each : uploads) {
                each.settled(settlement);
              }
              lane.gate().settled(this);
            });
  }
}
