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
    nextInodeIs(key, dir.resolve("pods/x"));
    new LogFile(dir.resolve("pods/x/0.log")).cri("other");
    log.rotate();
    log.last("stdout", "c");
    assertThat(start().pass().texts()).containsExactlyInAnyOrder("other", "abc");
  }

  @Test
  void readsAPackedFileWithTheNameAndTheInodeOfOneThatIsRead() throws IOException {
    LogFile log = new LogFile(dir.resolve("pods/x/0.log"));
    Path first = log.path().resolveSibling("0.log.1");
    log.cri("a");
    Files.move(log.path(), first);
    Path packed = LogFile.pack(first);
    log.cri("b");
    Follower follower = start().pass();
    follower.pause(60);
    follower.pass();
    FileKey key = FileStat.of(packed).key();
    follower.stop();
    Files.delete(packed);
    log.cri("c");
    Files.move(log.path(), first);
    log.cri("d");
    Files.move(first, log.path().resolveSibling("0.log.2"));
    Files.move(log.path(), first);
    nextInodeIs(key, log.path().getParent());
    LogFile.pack(first);
    log.cri("e");
    assertThat(start().pass().texts()).containsExactly("c", "d", "e");
  }

  /** Takes the inodes that are free before the one that is to be used again, where it is. */
  private static void nextInodeIs(FileKey wanted, Path where) throws IOException {
    for (int i = 0; i < 50; i++) {
      Path filler = Files.writeString(where.resolve("filler" + i), "");
      if (FileStat.of(filler).key().equals(wanted)) {
        Files.delete(filler);
        return;
      }
    }
  }
}
