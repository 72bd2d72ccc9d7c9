package io.logboom.api.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalDiskTest {
  @TempDir Path dir;

  private final Disk disk = new LocalDisk();
  private Path path;

  @BeforeEach
  void prepare() {
    path = dir.resolve("file");
  }

  private void open(Disk.Mode mode) throws IOException {
    disk.open(path, mode).close();
  }

  @Test
  void whoReadsOrWritesAFileThatIsNotThereMakesNone() {
    assertThatThrownBy(() -> open(Disk.Mode.READ)).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> open(Disk.Mode.WRITE)).isInstanceOf(NoSuchFileException.class);
    assertThat(path).doesNotExist();
  }

  @Test
  void createMakesAFileAndTakesNoneThatIsThere() throws IOException {
    open(Disk.Mode.CREATE);
    assertThatThrownBy(() -> open(Disk.Mode.CREATE)).isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void ensureMakesAFileAndKeepsWhatIsInOne() throws IOException {
    try (DiskFile made = disk.open(path, Disk.Mode.ENSURE)) {
      made.write(new byte[] {'a', 'b'}, 0, 2, 0);
    }
    try (DiskFile again = disk.open(path, Disk.Mode.ENSURE)) {
      again.write(new byte[] {'c'}, 0, 1, 2);
    }
    assertThat(Files.readString(path)).isEqualTo("abc");
  }

  @Test
  void aFullDiskIsToldApart() throws IOException {
    try (DiskFile full = disk.open(Path.of("/dev/full"), Disk.Mode.WRITE)) {
      assertThatThrownBy(() -> full.write(new byte[1], 0, 1, 0))
          .isInstanceOf(DiskFullException.class);
    }
  }

  @Test
  void aLockIsOnesAloneUntilItIsClosed() throws IOException {
    try (Closeable _ = disk.lock(path)) {
      assertThatThrownBy(() -> disk.lock(path)).isInstanceOf(DiskLockedException.class);
    }
    disk.lock(path).close();
  }
}
