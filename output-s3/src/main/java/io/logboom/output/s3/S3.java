package io.logboom.output.s3;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Origin;
import io.logboom.api.meter.Counter;
import io.logboom.api.meter.Meters;
import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.Output;
import io.logboom.net.send.Sender;
import io.logboom.net.send.Senders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Stages records on disk, and delivers them as objects. */
final class S3 implements Output {
  /** How long a send waits for the staging directory, which the output before may still have. */
  private static final long OPEN_MILLIS = 1000;

  private static final int MOST_TAG_BYTES = 60_000;

  private final S3Config config;
  private final Context context;
  private final KeyFormat keys;
  private final Keeper keeper;
  private final Senders senders;
  private final CountDownLatch opened;
  private final Counter stagedRecords;
  private final Counter repeated;
  private final Counter repaired;

  S3(S3Config config, Context context, KeyFormat keys, S3Api api, Path directory) {
    this.config = config;
    this.context = context;
    this.keys = keys;
    this.opened = new CountDownLatch(1);
    this.keeper = new Keeper(config, context, keys, api, directory, opened::countDown);
    Meters meters = context.meters();
    this.stagedRecords = meters.counter(S3Meter.STAGED_RECORDS);
    this.repeated = meters.counter(S3Meter.REPEATED);
    this.repaired = meters.counter(S3Meter.REPAIRED);
    this.senders = new Senders(Writer::new);
  }

  @Override
  public void start() {
    keeper.start();
  }

  @Override
  public boolean conclude() {
    return keeper.conclude();
  }

  @Override
  public Outcome send(List<Batch> batches) throws InterruptedException {
    boolean open = opened.await(OPEN_MILLIS, TimeUnit.MILLISECONDS);
    Staging staging = keeper.staging();
    if (!open || staging == null) {
      return new Outcome.Retry(keeper.problem());
    }
    try {
      return senders.send(batches);
    } finally {
      if (staging.isPressed()) {
        keeper.wake();
      }
    }
  }

  private static Draft.Place place(Origin origin) {
    byte[] tag = origin.tag().getBytes(StandardCharsets.UTF_8);
    if (tag.length > MOST_TAG_BYTES) {
      tag = Arrays.copyOf(tag, MOST_TAG_BYTES);
    }
    return new Draft.Place(
        new String(tag, StandardCharsets.UTF_8),
        tag,
        origin.sourceId(),
        origin.sourceId().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    senders.close();
    keeper.close();
  }

  private final class Writer implements Sender {
    private final Draft draft = new Draft(context.batches()::charge);
    private final S3Encoder encoder = new S3Encoder(config.contents(), context.names());
    private final Sending sending = new Sending(draft);
    private final Draft.Place[] places = new Draft.Place[Batch.MAX_ORIGINS];
    private final Known.@Nullable Source[] sources = new Known.@Nullable Source[Batch.MAX_ORIGINS];
    private long periodFrom;
    private long periodUntil;
    private long period;

    @Override
    public Outcome send(List<Batch> batches) {
      Staging staging = Objects.requireNonNull(keeper.staging());
      sending.begin(staging);
      draft.clear();
      int first = 0;
      try {
        for (Batch batch : batches) {
          origins(batch, staging.known());
          for (int i = 0; i < batch.size(); i++) {
            if (!batch.isDropped(i) && !add(batch, i, first + i)) {
              return outcome(batches);
            }
          }
          first += batch.size();
        }
        sending.append(first);
        return outcome(batches);
      } finally {
        draft.clear();
      }
    }

    @Override
    public void close() {
      draft.close();
    }

    private Outcome outcome(List<Batch> batches) {
      Outcome outcome = sending.outcome(batches);
      stagedRecords.add(sending.stagedRecords());
      return outcome;
    }

    private void origins(Batch batch, Known known) {
      for (int i = 0; i < batch.origins(); i++) {
        Draft.Place place = batch.origin(i).memo(S3.this, S3::place);
        places[i] = place;
        sources[i] = place.hasPositions() ? known.find(place.tag(), place.source()) : null;
      }
    }

    /** Adds a record; false where the staging takes no more. */
    private boolean add(Batch batch, int record, int number) {
      int origin = batch.originIndex(record);
      Known.Source source = sources[origin];
      long position = batch.position(record);
      if (source != null && source.has(position)) {
        repeated.add(1);
        return true;
      }
      long second = Math.floorDiv(batch.epochNanos(record), 1_000_000_000L);
      if (second < periodFrom || second >= periodUntil) {
        period = keys.period(second);
        periodFrom =
            period == 0 && keys.periodEnd(second) == Long.MAX_VALUE ? Long.MIN_VALUE : period;
        periodUntil = keys.periodEnd(second);
      }
      draft.open(places[origin], period, second);
      if (!encoder.encode(batch, record, draft.sink())) {
        sending.reject(number, "it has nothing under log_key " + config.contents().logKey());
        return true;
      }
      draft.added(position);
      if (encoder.hasRepaired()) {
        repaired.add(1);
      }
      return !draft.isFull() || sending.append(number + 1);
    }
  }
}
