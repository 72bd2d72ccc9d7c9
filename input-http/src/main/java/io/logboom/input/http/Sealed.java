package io.logboom.input.http;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.OnSettled;
import io.logboom.api.plugin.Settlement;
import java.util.List;

/**
 * A batch to be given away, and whom to tell what became of it.
 *
 * @param uploads whose records are in it
 */
record Sealed(Batch batch, List<Upload> uploads, Lane lane) implements OnSettled {
  @Override
  public void settled(Settlement settlement) {
    lane.loop()
        .execute(
            () -> {
              for (Upload each : uploads) {
                each.settled(settlement);
              }
            });
  }
}
