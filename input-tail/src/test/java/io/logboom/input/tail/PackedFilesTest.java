package io.logboom.input.tail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** By what a packed file is known, where its name and its inode say something else. */
class PackedFilesTest {
  @TempDir Path dir;

  private Follower start() {
    return Follower.start(
        dir.resolve("state"),
        "path",
        dir + "/pods/*/0.log",
        "parser",
        "docker",
        "docker_mode_flush",
        "86400");
  }

  /** As docker names and packs them: the name that one had is the next one's. */
  @Test
  void readsAPackedFileUnderTheNameThatOneHadWhichIsRead() throws IOException {
    LogFile log = new LogFile(dir.resolve("pods/x/0.log"));
    Path first = log.path().resolveSibling("0.log.1");
    log.cri("a");
    Follower follower = start().pass();
    Files.move(log.path(), first);
    log.cri("b");
    follower.pass();
    follower.pause(60);
    follower.pass();
    follower.stop();
    log.cri("c");
    Files.move(LogFile.pack(first), log.path().resolveSibling("0.log.2.gz"));
    Files.move(log.path(), first);
    LogFile.pack(first);
    log.cri("d");
    assertThat(start().pass().texts()).containsExactly("c", "d");
  }

  /** It waits for the rest of a record, and no byte of it is settled: it is known by name alone. */
  @Test
  void readsOnInAPackedFileWhoseInodeIsAnotherContainersByNow() throws IOException {
    LogFile log = new LogFile(dir.resolve("pods/y/0.log"));
    Files.createDirectories(dir.resolve("pods/x"));
    log.piece("stdout", "a");
    Follower follower = start().pass();
    Path rotated = log.rotate();
    log.piece("stdout", "b");
    follower.pass();
    FileKey key = FileStat.of(rotated).key();
    follower.stop();
    LogFile.pack(rotated);
    LogFile other = new LogFile(dir.resolve("pods/x/0.log"));
    for (int i = 0; i < 20; i++) {
      other.cri("other");
      if (FileStat.of(other.path()).key().equals(key)) {
        break;
      }
      Files.move(other.path(), dir.resolve("pods/x/" + i));
    }
    log.rotate();
    log.last("stdout", "c");
    assertThat(start().pass().texts()).containsExactlyInAnyOrder("other", "abc");
  }
}
