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
  BIT_FLIPPED(true) {
    @Override
    void to(Path spool, Path checkpoint, Random random) throws IOException {
      flip(any(segments(spool), random), random);
    }
  },

  /** A page of a segment reads as zeros. */
  PAGE_ZEROED(true) {
    @Override
    void to(Path spool, Path checkpoint, Random random) throws IOException {
      try (RandomAccessFile file = open(any(segments(spool), random))) {
        long at = random.nextLong(file.length()) & ~4095L;
        file.seek(at);
        file.write(new byte[(int) Math.min(4096, file.length() - at)]);
      }
    }
  },

  TRUNCATED(true) {
    @Override
    void to(Path spool, Path checkpoint, Random random) throws IOException {
      try (RandomAccessFile file = open(any(segments(spool), random))) {
        file.setLength(random.nextLong(file.length()));
      }
    }
  },

  SEGMENT_MISSING(true) {
    @Override
    void to(Path spool, Path checkpoint, Random random) throws IOException {
      Files.delete(any(segments(spool), random));
    }
  },

  /** Bytes of something else stand behind a segment's last entry. */
  GARBAGE_APPENDED(false) {
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

  CURSOR_FLIPPED(false) {
    @Override
    void to(Path spool, Path checkpoint, Random random) throws IOException {
      flip(spool.resolve("cursor"), random);
    }
  },

  CURSOR_MISSING(false) {
    @Override
    void to(Path spool, Path checkpoint, Random random) throws IOException {
      Files.delete(spool.resolve("cursor"));
    }
  },

  CHECKPOINT_FLIPPED(false) {
    @Override
    void to(Path spool, Path checkpoint, Random random) throws IOException {
      flip(checkpoint, random);
    }
  },

  CHECKPOINT_TRUNCATED(false) {
    @Override
    void to(Path spool, Path checkpoint, Random random) throws IOException {
      try (RandomAccessFile file = open(checkpoint)) {
        file.setLength(random.nextLong(file.length()));
      }
    }
  };

  private final boolean costsRecords;

  Damage(boolean costsRecords) {
    this.costsRecords = costsRecords;
  }

  /** Whether it can cost records, which then are counted; else nothing may be missing. */
  boolean costsRecords() {
    return costsRecords;
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
