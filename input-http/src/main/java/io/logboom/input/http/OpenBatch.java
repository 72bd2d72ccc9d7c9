package io.logboom.input.http;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Batches;
import io.logboom.api.batch.Origin;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The one batch that a lane fills with the records of all requests. */
final class OpenBatch {
  private final Batches batches;
  private final Lane lane;
  private @Nullable Batch batch;
  private List<Upload> uploads = new ArrayList<>();
  private @Nullable Upload last;

  OpenBatch(Batches batches, Lane lane) {
    this.batches = batches;
    this.lane = lane;
  }

  /**
   * Copies a record into the batch; where that is full, it goes, and the next one begins.
   *
   * @param b holds the record, an object as {@link Batch} promises it, at {@code [from, to)}
   * @return false where there is no room in the pipeline, or no memory
   */
  boolean add(byte[] b, int from, int to, long names, Origin origin, long nanos, Upload upload) {
    int count = to - from;
    while (true) {
      Batch open = open();
      if (open == null) {
        return false;
      }
      int originIndex = open.origin(origin);
      boolean fits = originIndex >= 0 && !open.isFull();
      if (fits && (count <= open.free() || open.size() == 0)) {
        int at = open.append(b, from, count);
        // No position: nothing names such a record for ever (docs/http.md).
        int record = open.add(originIndex, at, count, nanos, 0);
        open.json(record, at, count, names);
        if (upload != last) {
          last = upload;
          uploads.add(upload);
          upload.enters();
        }
        return true;
      }
      if (!lane.gate().seal()) {
        return false;
      }
    }
  }

  private @Nullable Batch open() {
    if (batch == null && lane.gate().mayOpen()) {
      batch = batches.tryOpen();
    }
    return batch;
  }

  /** Goes on with this one; false where it has one already. */
  boolean goOn(Batch empty) {
    if (batch != null) {
      return false;
    }
    batch = empty;
    return true;
  }

  boolean isEmpty() {
    return batch == null || batch.size() == 0;
  }

  /** Takes the batch out, with whom to tell; null where there is none with records. */
  @Nullable Sealed take() {
    Batch full = batch;
    if (full == null || full.size() == 0) {
      return null;
    }
    full.await(); // for each record there is a client that waits
    Sealed sealed = new Sealed(full, uploads, lane);
    batch = null;
    uploads = new ArrayList<>();
    last = null;
    return sealed;
  }

  /** Takes out a batch without records, to be given back. */
  @Nullable Batch takeEmpty() {
    Batch empty = batch;
    if (empty == null || empty.size() > 0) {
      return null;
    }
    batch = null;
    return empty;
  }
}
