package io.logboom.core.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logboom.api.disk.LocalDisk;
import io.logboom.api.plugin.StartException;
import io.logboom.core.codec.BatchCodec;
import io.logboom.core.codec.Compression;
import io.logboom.core.config.Binder;
import io.logboom.core.config.ServiceConfig;
import io.logboom.core.deadletter.DeadLetters;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk in trouble when the agent starts, and a directory that is wrong. */
class StateDirectoriesTest {
  @TempDir Path dir;
  private final AtomicLong now = new AtomicLong();
  private @Nullable String refusal;

  private StateDirectories named(Path path) {
    return new StateDirectories(
        Binder.bind(ServiceConfig.class, "state_dir", path.toString()), this::probe, now::get);
  }

  private void probe(Path directory) throws IOException {
    if (refusal != null) {
      throw new FileSystemException(directory.toString(), null, refusal);
    }
    assertThat(directory).isDirectory();
  }

  @Test
  void aDiskThatCannotBeWrittenIsWorkedWithoutUntilItCan() throws StartException {
    for (String why :
        new String[] {"Read-only file system", "No space left on device", "Disk quota exceeded"}) {
      refusal = why;
      Path path = dir.resolve(why);
      StateDirectories state = named(path);
      assertThat(state.of("inputs/tail.0")).isEqualTo(path.resolve("inputs/tail.0"));
      String sentence = "the state directory " + path + " cannot be written: " + why;
      assertThat(state.problem()).isEqualTo(sentence);
      now.addAndGet(Duration.ofSeconds(3).toNanos());
      assertThat(state.problem()).isEqualTo(sentence);
      refusal = null;
      now.addAndGet(Duration.ofSeconds(3).toNanos());
      assertThat(state.problem()).isNull();
      assertThat(path.resolve("inputs/tail.0")).isDirectory();
    }
  }

  @Test
  void whereNobodyNamedOneAndThereIsNoOtherTheAgentWorksWithMemory() throws Exception {
    StateDirectories.Probe readOnly =
        new StateDirectories.Probe() {
          @Override
          public void write(Path directory) throws IOException {
            make(directory);
          }

          @Override
          public void make(Path directory) throws IOException {
            throw new FileSystemException(directory.toString(), null, "Read-only file system");
          }
        };
    Path nowhere = dir.resolve("no/such/directory");
    StateDirectories state =
        new StateDirectories(
            Binder.bind(ServiceConfig.class),
            readOnly,
            now::get,
            () -> Files.createTempDirectory(nowhere, "logboom-state"));

    assertThat(state.of("inputs/tail.0")).isEqualTo(Path.of("/var/lib/logboom/inputs/tail.0"));
    assertThat(state.problem()).contains("/var/lib/logboom cannot be written");
  }

  @Test
  void aDirectoryThatIsNotThereYetIsMadeAndHasNoProblem() throws StartException {
    StateDirectories state = named(dir.resolve("a/b"));
    assertThat(state.of("x")).isDirectory();
    assertThat(state.problem()).isNull();
  }

  @Test
  void aFileInItsPlaceIsTheUsersToMend() throws IOException {
    Path file = Files.writeString(dir.resolve("file"), "");
    assertThatThrownBy(() -> named(file).of("x"))
        .isInstanceOf(StartException.class)
        .hasMessage(
            "the state directory "
                + file
                + " cannot be used: it is no directory; mount a volume there or set state_dir");
  }

  @Test
  void missingPermissionIsTheUsersToMend() {
    StateDirectories state =
        new StateDirectories(
            Binder.bind(ServiceConfig.class, "storage.path", dir.toString()),
            directory -> {
              throw new AccessDeniedException(directory.toString());
            },
            now::get);
    assertThatThrownBy(() -> state.of("x"))
        .isInstanceOf(StartException.class)
        .hasMessageContaining(dir + " cannot be used: no permission; mount a volume");
  }

  @Test
  void deadLettersAreOpenedWhenTheDiskTakesWrites() throws Exception {
    AtomicInteger refusals = new AtomicInteger(1);
    Path path = dir.resolve("letters");
    Letters letters =
        Letters.of(
            path,
            () -> {
              if (refusals.getAndDecrement() > 0) {
                throw new FileSystemException(path.toString(), null, "Read-only file system");
              }
              return DeadLetters.open(
                  path,
                  new LocalDisk(),
                  1 << 20,
                  new BatchCodec(new io.logboom.api.batch.Names(), Compression.NONE),
                  InstantSource.system());
            });
    AtomicInteger opened = new AtomicInteger();
    letters.whenOpen(_ -> opened.incrementAndGet());
    assertThat(letters.problem())
        .isEqualTo("the dead letters in " + path + " cannot be opened: Read-only file system");
    assertThat(opened).hasValue(0);
    Awaitility.await().until(() -> letters.problem() == null);
    assertThat(opened).hasValue(1);
    letters.whenOpen(_ -> opened.incrementAndGet());
    assertThat(opened).hasValue(2);
    letters.close();
  }

  @Test
  void deadLettersThatAnotherAgentHasKeepItFromStarting() throws Exception {
    Path path = dir.resolve("letters");
    Letters.Opening opening =
        () ->
            DeadLetters.open(
                path,
                new LocalDisk(),
                1 << 20,
                new BatchCodec(new io.logboom.api.batch.Names(), Compression.NONE),
                InstantSource.system());
    Letters first = Letters.of(path, opening);
    assertThatThrownBy(() -> Letters.of(path, opening))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("is locked by this process");
    first.close();
  }
}
