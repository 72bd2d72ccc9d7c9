package io.logboom.it.fault;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** What disks and people do to the files of an agent that is not running. */
enum Damage {
  /** One bit of a segment has turned over. */
  BIT_FLIPPED(1) {
    @Override
    void to(Path spool, Path checkpoint, Random random) throws IOException {
      flip(any(segments(spool), random), random);
    }
  },

  /** A page of a segment reads as zeros. */
  PAGE_ZEROED(2) {
    @Override
    void to(Path spool, Path checkpoint, Random random) throws IOException {
      try (RandomAccessFile file = open(any(segments(spool), random))) {
        long at = random.nextLong(file.length()) & ~4095L;
        file.seek(at);
        file.write(new byte[(int) Math.min(4096, file.length() - at)]);
      }
    }
  },

  TRUNCATED(Integer.MAX_VALUE) {
    @Override
    void to(Path spool, Path checkpoint, Random random) throws IOException {
      try (RandomAccessFile file = open(any(segments(spool), random))) {
        file.setLength(random.nextLong(file.length()));
      }
    }
  },

  SEGMENT_MISSING(Integer.MAX_VALUE) {
    @Override
    void to(Path spool, Path checkpoint, Random random) throws IOException {
      Files.delete(any(segments(spool), random));
    }
  },

  /** Bytes of something else stand behind a segment's last entry. */
  GARBAGE_APPENDED(0) {
    @Override
    void to(Path spool, Path checkpoint, Random random) throws IOException {
      try (RandomAccessFile file = open(any(segments(spool), random))) {
        byte[] garbage = new byte[1 + random.nextInt(10_000)];
        random.nextBytes(garbage);
        file.seek(file.length());
        file.write(garbage);
      }
    }
  },

  CURSOR_FLIPPED(0) {
    @Override
    void to(Path spool, Path checkpoint, Random random) throws IOException {
      flip(spool.resolve("cursor"), random);
    }
  },

  CURSOR_MISSING(0) {
    @Override
    void to(Path spool, Path checkpoint, Random random) throws IOException {
      Files.delete(spool.resolve("cursor"));
    }
  },

  CHECKPOINT_FLIPPED(0) {
    @Override
    void to(Path spool, Path checkpoint, Random random) throws IOException {
      flip(checkpoint, random);
    }
  },

  CHECKPOINT_TRUNCATED(0) {
    @Override
    void to(Path spool, Path checkpoint, Random random) throws IOException {
      try (RandomAccessFile file = open(checkpoint)) {
        file.setLength(random.nextLong(file.length()));
      }
    }
  };

  private final int mostEntries;

  Damage(int mostEntries) {
    this.mostEntries = mostEntries;
  }

  /** How many entries of the spool it can cost; their records then are counted. */
  int mostEntries() {
    return mostEntries;
  }

  /**
   * Does it.
   *
   * @param spool an output's
   * @param checkpoint the tail input's
   */
  abstract void to(Path spool, Path checkpoint, Random random) throws IOException;

  static List<Path> segments(Path spool) throws IOException {
    try (Stream<Path> files = Files.list(spool)) {
      return files.filter(file -> file.toString().endsWith(".segment")).sorted().toList();
    }
  }

  private static <T> T any(List<T> from, Random random) {
    return from.get(random.nextInt(from.size()));
  }

  private static RandomAccessFile open(Path file) throws IOException {
    return new RandomAccessFile(file.toFile(), "rw");
  }

  private static void flip(Path path, Random random) throws IOException {
    try (RandomAccessFile file = open(path)) {
      long at = random.nextLong(file.length());
      file.seek(at);
      int was = file.read();
      file.seek(at);
      file.write(was ^ (1 << random.nextInt(8)));
    }
  }
}
