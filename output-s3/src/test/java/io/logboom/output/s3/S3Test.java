package io.logboom.output.s3;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Outcome;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class S3Test {
  private static final long HOUR_NANOS = 3_600_000_000_000L;

  @TempDir Path directory;
  private FakeS3 server;

  @BeforeEach
  void start() throws IOException {
    server = new FakeS3();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private Delivering delivering(String... options) throws Exception {
    return new Delivering(directory, server.endpoint(), options);
  }

  @Test
  void recordsAreLinesOfAnObjectWhoseKeyHasTheirTime() throws Exception {
    try (Delivering s3 = delivering()) {
      assertThat(s3.output.send(List.of(s3.numbered(0, 2)))).isEqualTo(Outcome.DELIVERED);
      s3.conclude();
      Map.Entry<String, byte[]> object = server.objects().entrySet().iterator().next();
      assertThat(object.getKey())
          .matches("fluent-bit-logs/kube\\.app/2026/11/22/08/04/05-object[A-Za-z0-9]{8}");
      assertThat(text(object.getValue()))
          .isEqualTo(
              "{\"date\":\"2026-11-22T08:04:05.123456Z\",\"n\":0}\n"
                  + "{\"date\":\"2026-11-22T08:04:05.123456Z\",\"n\":1}\n");
      assertThat(s3.count(S3Meter.OBJECTS)).isEqualTo(1);
      assertThat(s3.count(S3Meter.STAGED_RECORDS)).isEqualTo(2);
      assertThat(s3.context.meters().value(S3Meter.STAGED)).isZero();
    }
    assertThat(names()).noneMatch(name -> name.endsWith(".log") || name.endsWith(".object"));
  }

  @Test
  void recordsOfDifferentHoursAndTagsGoToDifferentObjects() throws Exception {
    try (Delivering s3 = delivering("s3_key_format", "/$TAG[1]/%H/$INDEX.json")) {
      s3.output.send(
          List.of(
              s3.numbered(0, 2),
              s3.numbered(s3.origin("kube.app", "file1"), 2, 2, Delivering.NANOS + HOUR_NANOS),
              s3.numbered(s3.origin("kube.web", "file2"), 4, 2, Delivering.NANOS)));
      s3.conclude();
      assertThat(server.objects().keySet())
          .containsExactlyInAnyOrder("app/08/0.json", "app/09/1.json", "web/08/2.json");
    }
  }

  @Test
  void theObjectIsWholeWhateverCompressesIt() throws Exception {
    for (String compression : List.of("gzip", "zstd")) {
      try (Delivering s3 =
          new Delivering(
              directory.resolve(compression), server.endpoint(), "compression", compression)) {
        for (int i = 0; i < 5; i++) {
          s3.output.send(List.of(s3.numbered(i * 100, 100)));
        }
        s3.conclude();
        Map<String, byte[]> objects = server.objects();
        assertThat(objects).hasSize(1);
        String key = objects.keySet().iterator().next();
        assertThat(server.made(key).headers()).containsEntry("content-encoding", compression);
        byte[] bytes = objects.get(key);
        InputStream in = new ByteArrayInputStream(bytes);
        String text =
            text(
                (compression.equals("gzip")
                        ? new GZIPInputStream(in)
                        : new ZstdInputStreamNoFinalizer(in).setContinuous(true))
                    .readAllBytes());
        assertThat(text.lines()).hasSize(500);
        assertThat(bytes.length).isLessThan(text.length() / 4);
      }
      server.close();
      server = new FakeS3();
    }
  }

  @Test
  void whatAnInputReadsAgainIsLeftOutAlsoAfterARestart() throws Exception {
    try (Delivering s3 = delivering()) {
      s3.output.send(List.of(s3.numbered(0, 50)));
      assertThat(s3.output.send(List.of(s3.numbered(0, 60)))).isEqualTo(Outcome.DELIVERED);
      assertThat(s3.count(S3Meter.REPEATED)).isEqualTo(50);
    }
    try (Delivering s3 = delivering()) {
      s3.output.send(List.of(s3.numbered(40, 30)));
      s3.conclude();
      assertThat(s3.count(S3Meter.REPEATED)).isEqualTo(20);
    }
    try (Delivering s3 = delivering()) {
      // Their object is gone from the disk.
      s3.output.send(List.of(s3.numbered(60, 20)));
      s3.conclude();
      assertThat(s3.count(S3Meter.REPEATED)).isEqualTo(10);
    }
    List<String> lines = new ArrayList<>();
    server.objects().values().forEach(bytes -> lines.addAll(text(bytes).lines().toList()));
    assertThat(lines).hasSize(80).doesNotHaveDuplicates();
  }

  @Test
  void recordsWithoutAPositionAreTakenEachTime() throws Exception {
    try (Delivering s3 = delivering()) {
      Batch batch = s3.numbered(s3.origin("app", ""), 0, 3, Delivering.NANOS);
      s3.output.send(List.of(batch));
      s3.output.send(List.of(batch));
      s3.conclude();
      assertThat(text(server.objects().values().iterator().next()).lines()).hasSize(6);
    }
  }

  @Test
  void aLargeObjectGoesInParts() throws Exception {
    try (Delivering s3 = delivering("content_type", "text/x", "sse", "aws:kms")) {
      fill(s3, 12_000_000);
      s3.conclude();
      assertThat(server.asked())
          .containsExactly("POST uploads", "PUT part", "PUT part", "PUT part", "POST upload");
      String key = server.objects().keySet().iterator().next();
      assertThat(server.made(key).headers())
          .containsEntry("content-type", "text/x")
          .containsEntry("x-amz-server-side-encryption", "aws:kms");
      assertThat(s3.count(S3Meter.PARTS)).isEqualTo(3);
      assertThat(numbers(server.objects().get(key))).isTrue();
    }
  }

  @Test
  void withAChecksumAlgorithmS3IsToldTheChecksumOfAllThatItGets() throws Exception {
    List<String> sums = new CopyOnWriteArrayList<>();
    server.fault(
        (request, _) -> {
          sums.add(request.method() + " " + request.headers().get("x-amz-checksum-sha256"));
          return false;
        });
    try (Delivering s3 = delivering("checksum_algorithm", "sha256")) {
      fill(s3, 6_000_000);
      s3.output.send(List.of(s3.numbered(s3.origin("kube.web", "x"), 0, 1, Delivering.NANOS)));
      s3.conclude();
      assertThat(s3.count(S3Meter.OBJECTS)).isEqualTo(2);
      assertThat(server.objects()).hasSize(2);
      assertThat(sums).filteredOn(sum -> sum.matches("PUT [A-Za-z0-9+/]{43}=")).hasSize(3);
      assertThat(sums).filteredOn("POST null"::equals).hasSize(2);
    }
  }

  /** Its hashes are not known any more, and another algorithm is configured by then. */
  @ParameterizedTest
  @CsvSource({"sha256, none", "none, sha256", "sha256, sha256"})
  void anUploadGoesOnAfterARestartWithTheChecksumsItBeganWith(String before, String after)
      throws Exception {
    server.fault(
        (request, line) ->
            request.path().contains("partNumber=2")
                && FakeS3.always(500, "InternalError").play(request, line));
    try (Delivering s3 = delivering("checksum_algorithm", before)) {
      fill(s3, 12_000_000);
      s3.conclude();
      assertThat(s3.count(S3Meter.PARTS)).isEqualTo(1);
    }
    server.fault(null);
    try (Delivering s3 = delivering("checksum_algorithm", after)) {
      Delivering.await(() -> s3.count(S3Meter.OBJECTS) == 1);
      assertThat(s3.count(S3Meter.PARTS)).isEqualTo(2);
      assertThat(numbers(server.objects().values().iterator().next())).isTrue();
      assertThat(server.asked()).filteredOn("POST uploads"::equals).hasSize(1);
    }
  }

  @Test
  void withUsePutObjectItGoesAtOnce() throws Exception {
    try (Delivering s3 =
        delivering(
            "use_put_object", "on", "send_content_md5", "on", "storage_class", "STANDARD_IA")) {
      fill(s3, 12_000_000);
      s3.conclude();
      assertThat(server.asked()).containsExactly("PUT object");
      String key = server.objects().keySet().iterator().next();
      assertThat(server.made(key).headers())
          .containsKey("content-md5")
          .containsEntry("x-amz-storage-class", "STANDARD_IA");
    }
  }

  @Test
  void objectsAreNotLargerThanAsked() throws Exception {
    try (Delivering s3 = delivering("total_file_size", "1M")) {
      fill(s3, 4_500_000);
      s3.conclude();
      assertThat(server.objects()).hasSizeGreaterThanOrEqualTo(5);
      assertThat(server.objects().values()).allMatch(bytes -> bytes.length <= 1_000_000);
    }
  }

  @Test
  void anUploadThatFailsIsTriedAgainAfterTheTimeThatWasAskedFor() throws Exception {
    AtomicInteger times = new AtomicInteger();
    FakeS3.Fault slow = FakeS3.always(503, "SlowDown", "Retry-After: 1");
    server.fault((request, line) -> times.getAndIncrement() < 2 && slow.play(request, line));
    try (Delivering s3 = delivering("upload_timeout", "1s")) {
      s3.output.send(List.of(s3.numbered(0, 5)));
      Delivering.await(() -> server.objects().size() == 1);
      Delivering.await(() -> s3.count(S3Meter.OBJECTS) == 1);
      assertThat(s3.count(S3Meter.UPLOAD_FAILURES)).isEqualTo(2);
    }
  }

  @Test
  void whatIsRefusedStaysOnDiskUntilItIsMended() throws Exception {
    server.fault(FakeS3.always(404, "NoSuchBucket"));
    try (Delivering s3 = delivering("upload_timeout", "1s")) {
      assertThat(s3.output.send(List.of(s3.numbered(0, 5)))).isEqualTo(Outcome.DELIVERED);
      Delivering.await(() -> s3.context.meters().value(S3Meter.REFUSED) == 1);
      // Nothing can leave, so that an end need not wait.
      s3.conclude();
      assertThat(s3.context.meters().value(S3Meter.STAGED)).isPositive();
      assertThat(server.objects()).isEmpty();
      server.fault(null);
      Delivering.await(() -> server.objects().size() == 1);
      Delivering.await(() -> s3.context.meters().value(S3Meter.REFUSED) == 0);
    }
  }

  @Test
  void anUploadThatWasCompletedUnheardIsNotMadeAgain() throws Exception {
    AtomicInteger completed = new AtomicInteger();
    try (Delivering s3 = delivering("s3_key_format", "/$TAG/$UUID")) {
      fill(s3, 6_000_000);
      server.fault(
          (request, line) -> {
            if (request.method().equals("POST")
                && request.path().contains("uploadId")
                && completed.getAndIncrement() == 0) {
              server.fault(null);
              server.complete(request);
              line.close();
              return true;
            }
            return false;
          });
      s3.conclude();
      Delivering.await(() -> s3.count(S3Meter.OBJECTS) == 1);
      assertThat(server.objects()).hasSize(1);
      assertThat(server.openUploads()).isZero();
      assertThat(server.asked()).filteredOn("POST uploads"::equals).hasSize(1);
    }
  }

  @Test
  void anUploadThatIsGoneBeginsAnew() throws Exception {
    try (Delivering s3 = delivering()) {
      AtomicInteger parts = new AtomicInteger();
      server.fault(
          (request, line) ->
              request.path().contains("partNumber=2")
                  && parts.getAndIncrement() == 0
                  && FakeS3.always(404, "NoSuchUpload").play(request, line));
      fill(s3, 6_000_000);
      s3.conclude();
      Delivering.await(() -> s3.count(S3Meter.OBJECTS) == 1);
      assertThat(server.asked()).filteredOn("POST uploads"::equals).hasSize(2);
      assertThat(numbers(server.objects().values().iterator().next())).isTrue();
    }
  }

  @Test
  void withoutItsLogKeyARecordIsRejectedAndTheOthersAreNot() throws Exception {
    try (Delivering s3 = delivering("log_key", "m")) {
      Batch batch = s3.numbered(0, 3);
      assertThat(s3.output.send(List.of(batch)))
          .isInstanceOfSatisfying(
              Outcome.Mixed.class,
              mixed -> {
                assertThat(mixed.rejected()).hasSize(3);
                assertThat(mixed.retry().isEmpty()).isTrue();
              });
    }
    try (Delivering s3 = delivering("log_key", "n")) {
      assertThat(s3.output.send(List.of(s3.numbered(0, 3)))).isEqualTo(Outcome.DELIVERED);
      s3.conclude();
      assertThat(text(server.objects().values().iterator().next())).isEqualTo("0\n1\n2\n");
    }
  }

  @Test
  void theLimitOfTheDirectoryIsBackPressureUntilThereIsRoom() throws Exception {
    server.fault(FakeS3.always(403, "AccessDenied"));
    try (Delivering s3 = delivering("store_dir_limit_size", "1M")) {
      int sent = 0;
      Outcome outcome = Outcome.DELIVERED;
      while (outcome.equals(Outcome.DELIVERED)) {
        outcome = s3.output.send(List.of(s3.numbered(sent, 2000)));
        sent += 2000;
      }
      assertThat(outcome)
          .isInstanceOfSatisfying(
              Outcome.Retry.class,
              retry -> assertThat(retry.why()).contains("store_dir_limit_size"));
      server.fault(null);
      int last = sent - 2000;
      Delivering.await(
          () -> s3.output.send(List.of(s3.numbered(last, 2000))).equals(Outcome.DELIVERED));
      s3.conclude();
      assertThat(s3.count(S3Meter.STAGED_RECORDS)).isEqualTo(sent);
    }
  }

  @Test
  void anotherOutputTakesOverWhatTheFirstLeft() throws Exception {
    Delivering first = delivering();
    first.output.send(List.of(first.numbered(0, 5)));
    try (Delivering second = delivering()) {
      assertThat(second.output.send(List.of(second.numbered(5, 5))))
          .as("the first one has the directory")
          .isInstanceOf(Outcome.Retry.class);
      first.close();
      Delivering.await(
          () -> second.output.send(List.of(second.numbered(5, 5))).equals(Outcome.DELIVERED));
      second.conclude();
    }
    assertThat(text(server.objects().values().iterator().next()).lines()).hasSize(10);
  }

  private static void fill(Delivering s3, int bytes) throws InterruptedException {
    int line = "{\"date\":\"2026-11-22T08:04:05.123456Z\",\"n\":1000000}\n".length();
    int from = 1_000_000;
    for (int done = 0; done < bytes; done += 5000 * line) {
      Batch batch = s3.numbered(from, 5000);
      assertThat(s3.output.send(List.of(batch))).isEqualTo(Outcome.DELIVERED);
      s3.context.testBatches().release(batch);
      from += 5000;
    }
  }

  /** Whether the lines are {@link #fill}'s, each once and in order. */
  private static boolean numbers(byte[] object) {
    int next = 1_000_000;
    for (String line : text(object).lines().toList()) {
      if (!line.endsWith("\"n\":" + next++ + "}")) {
        return false;
      }
    }
    return next > 1_000_000;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private List<String> names() throws IOException {
    try (var files = Files.walk(directory)) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    }
  }
}
