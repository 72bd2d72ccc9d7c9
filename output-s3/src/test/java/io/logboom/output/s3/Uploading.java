package io.logboom.output.s3;

import io.logboom.api.batch.Batch;
import io.logboom.api.disk.LocalDisk;
import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.Output;
import io.logboom.testkit.TestContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Uploads as an output whose sends are tries: a send stages its records as one object and tries
 * once to upload it. Where that fails, the next send of the same batches tries the same object
 * again, as a later try does. Everything is the real one but for who decides when to try.
 */
final class Uploading implements Output {
  private static final byte[] TAG = "kube.app".getBytes(StandardCharsets.US_ASCII);

  private final S3Config config;
  private final TestContext context;
  private final Path directory;
  private final S3Api api;
  private final AtomicInteger numbers = new AtomicInteger();
  private final List<Staging> all = new ArrayList<>();
  private final Map<List<Batch>, Waiting> waiting = new IdentityHashMap<>();

  /** An object that is to be uploaded, alone in its directory. */
  private record Waiting(Staging staging, Staged object) {}

  Uploading(S3Config config, TestContext context, Path directory) throws Exception {
    this.config = config;
    this.context = context;
    this.directory = directory;
    this.api = S3Plugin.api(config, context);
  }

  @Override
  public Outcome send(List<Batch> batches) throws InterruptedException {
    try {
      Waiting now = take(batches);
      if (now == null) {
        now = stage(batches);
      }
      try {
        upload(now);
        now.staging.close();
        return Outcome.DELIVERED;
      } catch (UploadFailure e) {
        keep(batches, now);
        return new Outcome.Retry(e.why(), e.notBefore());
      } catch (InterruptedException e) {
        keep(batches, now);
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void upload(Waiting now) throws UploadFailure, IOException, InterruptedException {
    Upload.Settings how =
        new Upload.Settings(
            config.objects().uploadChunkSize().bytes(), config.objects().usePutObject(), true);
    new Upload(now.staging, api, how, new Heard()).run(now.object);
    if (!now.staging.isEmpty()) {
      throw new AssertionError("what is uploaded stays");
    }
  }

  private Waiting stage(List<Batch> batches) throws IOException {
    Staging staging =
        new Staging(
            new Staging.Settings(
                KeyFormat.parse("/$TAG/$UUID", ".", false),
                Staged.Coding.NONE,
                1 << 30,
                java.time.Duration.ofHours(1),
                0,
                1 << 30,
                config.objects().usePutObject()
                    ? Long.MAX_VALUE
                    : config.objects().uploadChunkSize().bytes()),
            directory.resolve("send-" + numbers.getAndIncrement()),
            new LocalDisk(),
            context.clock());
    synchronized (this) {
      all.add(staging);
    }
    Draft draft = new Draft(_ -> {});
    Sending sending = new Sending(draft);
    sending.begin(staging);
    S3Encoder encoder = new S3Encoder(config.contents(), context.names());
    for (Batch batch : batches) {
      for (int i = 0; i < batch.size(); i++) {
        if (!batch.isDropped(i)) {
          draft.open(new Draft.Place("kube.app", TAG, "", new byte[0]), 0, 0);
          encoder.encode(batch, i, draft.sink());
          draft.added(0);
        }
      }
    }
    sending.append(0);
    sending.outcome(batches);
    staging.turn(true);
    Staged object = staging.take(System.nanoTime());
    if (object == null) {
      throw new AssertionError("nothing was staged");
    }
    return new Waiting(staging, object);
  }

  private synchronized Waiting take(List<Batch> batches) {
    return waiting.remove(batches);
  }

  private synchronized void keep(List<Batch> batches, Waiting object) {
    waiting.put(batches, object);
  }

  @Override
  public void close() {
    synchronized (this) {
      all.forEach(Staging::close);
    }
    api.close();
  }

  private static final class Heard implements Upload.Listener {
    @Override
    public void part() {}

    @Override
    public void cannotLookForUploads(String why) {
      throw new AssertionError(why);
    }
  }
}
