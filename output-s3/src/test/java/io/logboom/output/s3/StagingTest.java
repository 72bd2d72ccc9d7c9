package io.logboom.output.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logboom.api.disk.LocalDisk;
import io.logboom.api.plugin.Outcome;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagingTest {
  @TempDir Path directory;

  private final MemoryStore store = new MemoryStore();
  private final FragileDisk disk = new FragileDisk(Long.MAX_VALUE);

  private Staging open() throws Exception {
    return new Staging(
        new Staging.Settings(
            KeyFormat.parse("/$TAG/%H", ".", false),
            Staged.Coding.NONE,
            1_000_000,
            Duration.ofHours(1),
            0,
            1_000_000,
            1_000_000),
        directory,
        disk,
        InstantSource.system());
  }

  private static Outcome send(Staging staging, int from, int count) {
    Draft draft = new Draft(_ -> {});
    Sending sending = new Sending(draft);
    sending.begin(staging);
    byte[] tag = {'t'};
    Draft.Place place = new Draft.Place("t", tag, "f", new byte[] {'f'});
    for (int n = from; n < from + count; n++) {
      draft.open(place, 0, 0);
      byte[] line = ("line " + n + "\n").getBytes(StandardCharsets.US_ASCII);
      draft.sink().put(line, 0, line.length);
      draft.added(n);
    }
    sending.append(count);
    return sending.outcome(List.of());
  }

  private static Upload.Listener quiet() {
    return new Upload.Listener() {
      @Override
      public void part() {}

      @Override
      public void cannotLookForUploads(String why) {}
    };
  }

  private void uploadAll(Staging staging) throws Exception {
    staging.turn(true);
    Upload upload =
        new Upload(staging, store, new Upload.Settings(1_000_000, false, true), quiet());
    Staged object = staging.take(System.nanoTime());
    while (object != null) {
      upload.run(object);
      staging.giveBack(object);
      object = staging.take(System.nanoTime());
    }
  }

  @Test
  void aFullDiskIsAReasonToWaitAndNothingIsLost() throws Exception {
    try (Staging staging = open()) {
      assertThat(send(staging, 0, 10)).isEqualTo(Outcome.DELIVERED);
      disk.freeBytes(1000);
      assertThat(send(staging, 10, 10))
          .isInstanceOfSatisfying(
              Outcome.Retry.class, retry -> assertThat(retry.why()).contains("is full"));
      disk.freeBytes(0);
      assertThatThrownBy(() -> staging.turn(true)).hasMessageContaining("No space left");
      disk.freeBytes(100 << 20);
      assertThat(send(staging, 10, 10)).isEqualTo(Outcome.DELIVERED);
      uploadAll(staging);
      assertThat(staging.isEmpty()).isTrue();
    }
    assertThat(store.lines()).hasSize(20).doesNotHaveDuplicates();
  }

  @Test
  void onADiskWithoutAnyRoomUploadsMakeRoomAlsoAfterARestart() throws Exception {
    try (Staging staging = open()) {
      send(staging, 0, 10);
      staging.turn(true);
      send(staging, 10, 10);
    }
    disk.freeBytes(0);
    try (Staging staging = open()) {
      Upload upload =
          new Upload(staging, store, new Upload.Settings(1_000_000, false, true), quiet());
      Staged object = java.util.Objects.requireNonNull(staging.take(System.nanoTime()));
      upload.run(object);
      staging.giveBack(object);
      assertThat(staging.objects()).isZero();
      disk.freeBytes(100 << 20);
      uploadAll(staging);
    }
    assertThat(store.lines()).hasSize(20).doesNotHaveDuplicates();
  }

  @Test
  void aDiskThatIsFullInMidWriteLeavesTheLogAsItWas() throws Exception {
    StagingLog log = new StagingLog(directory, disk, 1_000_000, 1);
    Draft draft = new Draft(_ -> {});
    draft.open(new Draft.Place("t", new byte[] {'t'}, "", new byte[0]), 0, 0);
    draft.sink().putAscii("line\n");
    draft.added(0);
    draft.seal(1);
    log.append(draft.array(), draft.length(), 1);
    long before = log.bytes();
    disk.freeBytes(20);
    assertThatThrownBy(() -> log.append(draft.array(), draft.length(), 1))
        .hasMessageContaining("No space left");
    assertThat(log.bytes()).isEqualTo(before);
    disk.freeBytes(100 << 20);
    log.sync(log.append(draft.array(), draft.length(), 1));
    log.close();
    try (Staging staging = open()) {
      uploadAll(staging);
    }
    assertThat(store.lines()).hasSize(2);
  }

  @Test
  void whatCouldNotBeFlushedIsNotStagedAndComesAgain() throws Exception {
    try (Staging staging = open()) {
      assertThat(send(staging, 0, 10)).isEqualTo(Outcome.DELIVERED);
      disk.failsToFlush(true);
      assertThat(send(staging, 10, 10)).isInstanceOf(Outcome.Retry.class);
      disk.failsToFlush(false);
      assertThat(send(staging, 10, 10)).isEqualTo(Outcome.DELIVERED);
      uploadAll(staging);
    }
    assertThat(store.lines()).hasSize(20).doesNotHaveDuplicates();
  }

  @Test
  void aTornTailIsCutAndCounted() throws Exception {
    try (Staging staging = open()) {
      send(staging, 0, 10);
      send(staging, 10, 10);
    }
    Path log = only(".log");
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
      file.setLength(file.length() - 3);
    }
    try (Staging staging = open()) {
      assertThat(staging.tornBytes()).isPositive();
      uploadAll(staging);
      assertThat(staging.damagedBytes()).isZero();
    }
    assertThat(store.lines()).hasSize(10);
  }

  @Test
  void damageCostsWhatIsDamagedAndIsKeptAside() throws Exception {
    try (Staging staging = open()) {
      for (int i = 0; i < 5; i++) {
        send(staging, i * 10, 10);
      }
    }
    Path log = only(".log");
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
      file.seek(StagingLog.HEADER + 300);
      file.write('X');
    }
    try (Staging staging = open()) {
      uploadAll(staging);
      assertThat(staging.damagedBytes()).isPositive();
      assertThat(staging.isEmpty()).isTrue();
    }
    assertThat(store.lines()).hasSize(40);
    assertThat(only(".damaged")).exists();
  }

  @Test
  void aJournalThatIsDamagedLosesNoFile() throws Exception {
    try (Staging staging = open()) {
      send(staging, 0, 10);
      staging.turn(true);
      send(staging, 10, 10);
      staging.turn(true);
    }
    Path journal = directory.resolve(Journal.NAME);
    byte[] bytes = Files.readAllBytes(journal);
    bytes[20] ^= 1;
    Files.write(journal, bytes);
    try (Staging staging = open()) {
      uploadAll(staging);
    }
    assertThat(only("journal.damaged")).exists();
    try (Stream<Path> all = Files.list(directory)) {
      assertThat(all.filter(file -> file.toString().endsWith(".unknown"))).hasSize(2);
    }
  }

  @Test
  void whatIsUploadedIsHashedAsItIsWrittenAndReadForItOnlyAfterARestart() throws Exception {
    try (Staging staging = open()) {
      send(staging, 0, 10);
      uploadAll(staging);
      assertThat(store.known).isEqualTo(1);
      send(staging, 10, 10);
      staging.turn(true);
    }
    try (Staging staging = open()) {
      uploadAll(staging);
    }
    assertThat(store.unknown).isEqualTo(1);
    assertThat(store.lines()).hasSize(20);
  }

  @Test
  void anObjectThatTheDiskChangedIsToldOfAndUploadedAsItIs() throws Exception {
    try (Staging staging = open()) {
      send(staging, 0, 10);
      staging.turn(true);
      try (RandomAccessFile file = new RandomAccessFile(only(".object").toFile(), "rw")) {
        file.write('L');
      }
      assertThatThrownBy(() -> uploadAll(staging)).hasMessageContaining("the hash is not");
      assertThat(staging.damagedBytes()).isPositive();
      staging.giveBack(staging.all().getFirst());
      uploadAll(staging);
      assertThat(staging.isEmpty()).isTrue();
    }
    assertThat(store.lines()).hasSize(10).contains("Line 0");
  }

  /** As a worker's that an end or a reload stops. */
  @Test
  void anInterruptDisturbsNoWrite() throws Exception {
    Staging staging =
        new Staging(
            new Staging.Settings(
                KeyFormat.parse("/$TAG/%H", ".", false),
                Staged.Coding.NONE,
                1_000_000,
                Duration.ofHours(1),
                0,
                1000,
                1_000_000),
            directory.resolve("a/b"),
            new LocalDisk(),
            InstantSource.system());
    try (staging) {
      Thread.currentThread().interrupt();
      for (int i = 0; i < 100; i++) {
        assertThat(send(staging, i * 10, 10)).isEqualTo(Outcome.DELIVERED);
      }
      staging.turn(true);
      assertThat(Thread.interrupted()).isTrue();
      uploadAll(staging);
    }
    assertThat(store.lines()).hasSize(1000).doesNotHaveDuplicates();
    assertThat(Files.getPosixFilePermissions(directory.resolve("a")))
        .containsExactlyInAnyOrder(
            PosixFilePermission.OWNER_READ,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.OWNER_EXECUTE);
  }

  @Test
  void twoCannotHaveTheSameDirectory() throws Exception {
    try (Staging _ = open()) {
      assertThatThrownBy(this::open).hasMessageContaining("in use by another");
    }
  }

  private Path only(String end) throws Exception {
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(file -> file.toString().endsWith(end)).findFirst().orElseThrow();
    }
  }
}
