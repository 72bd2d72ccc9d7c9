package io.logboom.output.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.plugin.Outcome;
import io.logboom.output.s3.FragileDisk.CrashException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that dies at any byte that it writes, again and again, while an input reads again from
 * where its checkpoint is: each record ends in one object, and nothing is left over.
 */
class CrashTest {
  private static final int RECORDS = 240;
  private static final int SOURCES = 3;
  private static final long HOUR = 3600;
  private static final boolean FULL = System.getProperty("logboom.soak") != null;

  @TempDir Path directory;

  private final MemoryStore store = new MemoryStore();
  private final long[] settled = new long[SOURCES];
  private final long[] checkpoint = new long[SOURCES];

  @Test
  void whereverItDiesEachRecordIsInOneObject() throws Exception {
    long all = steps();
    assertThat(all).isGreaterThan(10_000);
    Random random = new Random(20_261_126);
    for (int run = 0; run < (FULL ? 300 : 25); run++) {
      begin(directory.resolve("run" + run));
      List<Long> deaths = new ArrayList<>();
      int lives = 1 + random.nextInt(6);
      for (int life = 0; life < lives; life++) {
        long death = 1 + random.nextLong(life == 0 ? all : all / 3);
        deaths.add(death);
        live(new FragileDisk(death), directory.resolve("run" + run), random);
      }
      live(new FragileDisk(Long.MAX_VALUE), directory.resolve("run" + run), random);
      verify("run " + run + ", deaths after " + deaths, directory.resolve("run" + run));
    }
  }

  /** Each step of the journal's first lines, one by one. */
  @Test
  void atEachByteOfAShortLife() throws Exception {
    for (int death = 1; death < 900; death += FULL ? 1 : 9) {
      Path run = directory.resolve("short" + death);
      begin(run);
      Random random = new Random(death);
      live(new FragileDisk(death), run, random);
      live(new FragileDisk(death), run, random);
      live(new FragileDisk(Long.MAX_VALUE), run, random);
      verify("death after " + death, run);
    }
  }

  @Test
  void afterEachRequestWhoseAnswerItNeverSaw() throws Exception {
    for (int requests = 1; requests < 60; requests++) {
      Path run = directory.resolve("request" + requests);
      begin(run);
      Random random = new Random(requests);
      store.diesAfter(requests);
      live(new FragileDisk(Long.MAX_VALUE), run, random);
      store.diesAfter(1 + requests % 3);
      live(new FragileDisk(Long.MAX_VALUE), run, random);
      store.diesAfter(Long.MAX_VALUE);
      live(new FragileDisk(Long.MAX_VALUE), run, random);
      verify("death after request " + requests, run);
    }
  }

  private void begin(Path run) throws IOException {
    Files.createDirectories(run);
    store.objects.clear();
    store.uploads.clear();
    java.util.Arrays.fill(settled, 0);
    java.util.Arrays.fill(checkpoint, 0);
  }

  private long steps() throws Exception {
    FragileDisk disk = new FragileDisk(Long.MAX_VALUE);
    begin(directory.resolve("measured"));
    live(disk, directory.resolve("measured"), new Random(1));
    verify("without a crash", directory.resolve("measured"));
    return disk.taken();
  }

  private static Staging.Settings settings() {
    return new Staging.Settings(
        KeyFormat.parse("/$TAG/%H/%M", ".", false),
        Staged.Coding.NONE,
        1000,
        Duration.ofHours(1),
        0,
        600,
        300);
  }

  /** Reads on from the checkpoint until all is uploaded, or until the end. */
  private void live(FragileDisk disk, Path run, Random random) throws Exception {
    for (int i = 0; i < SOURCES; i++) {
      // The input's checkpoint is behind what it was told.
      checkpoint[i] += random.nextLong(settled[i] - checkpoint[i] + 1);
      settled[i] = checkpoint[i];
    }
    Staging staging = null;
    try {
      staging = new Staging(settings(), run, disk, InstantSource.system());
      Upload upload =
          new Upload(
              staging,
              store,
              new Upload.Settings(300, false, true),
              new Upload.Listener() {
                @Override
                public void part() {}

                @Override
                public void cannotLookForUploads(String why) {
                  throw new AssertionError(why);
                }
              });
      boolean more = true;
      while (more) {
        more = false;
        for (int i = 0; i < SOURCES; i++) {
          if (settled[i] < RECORDS) {
            more = true;
            send(staging, i, 1 + random.nextInt(9));
          }
        }
        if (random.nextInt(8) == 0) {
          staging.turn(random.nextInt(10) == 0);
          uploadAll(staging, upload);
        }
      }
      staging.turn(true);
      uploadAll(staging, upload);
      assertThat(staging.isEmpty()).isTrue();
      assertThat(staging.bytes()).isZero();
    } catch (CrashException e) {
      // The end of this life.
    } finally {
      if (staging != null) {
        staging.close();
      }
    }
  }

  private static void uploadAll(Staging staging, Upload upload) throws Exception {
    Staged object = staging.take(System.nanoTime());
    while (object != null) {
      try {
        upload.run(object);
      } finally {
        staging.giveBack(object);
      }
      object = staging.take(System.nanoTime());
    }
  }

  private void send(Staging staging, int source, int count) {
    String tag = source == 2 ? "b" : "a";
    Known.Source known = staging.known().find(tag, "file" + source);
    Draft draft = new Draft(_ -> {});
    Sending sending = new Sending(draft);
    sending.begin(staging);
    Draft.Place place = new Draft.Place(tag, ascii(tag), "file" + source, ascii("file" + source));
    long from = settled[source];
    long to = Math.min(RECORDS, from + count);
    for (long n = from; n < to; n++) {
      if (known != null && known.has(n * 100)) {
        continue;
      }
      long second = n < RECORDS / 2 ? 0 : HOUR;
      draft.open(place, second, second);
      byte[] line = ascii(source + "-" + n + "-of-the-" + second / HOUR + "th-hour\n");
      draft.sink().put(line, 0, line.length);
      draft.added(n * 100);
      if (n % 5 == 4) {
        sending.append((int) (n - from + 1));
      }
    }
    sending.append((int) (to - from));
    assertThat(sending.outcome(List.of())).isEqualTo(Outcome.DELIVERED);
    settled[source] = to;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private void verify(String what, Path run) throws IOException {
    List<String> lines = new ArrayList<>(store.lines());
    assertThat(new HashSet<>(lines)).as(what).hasSize(SOURCES * RECORDS);
    Collections.sort(lines);
    assertThat(lines).as(what).hasSize(SOURCES * RECORDS);
    assertThat(store.uploads).as(what).isEmpty();
    store.objects.forEach(
        (key, bytes) -> {
          assertThat(bytes.length).as(key).isLessThanOrEqualTo(1000);
          String hour = key.split("/", -1)[1];
          assertThat(new String(bytes, StandardCharsets.US_ASCII).lines())
              .as(key)
              .allMatch(line -> line.endsWith("-" + Integer.parseInt(hour) + "th-hour"));
        });
    List<String> left = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(run)) {
      files.forEach(file -> left.add(String.valueOf(file.getFileName())));
    }
    assertThat(left).as(what).noneMatch(name -> name.endsWith(".log") || name.endsWith(".object"));
  }
}
