package io.logboom.core.deadletter;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.disk.Disk;
import io.logboom.api.disk.DiskFile;
import io.logboom.core.codec.BatchCodec;
import io.logboom.core.codec.Compression;
import io.logboom.core.codec.DamagedException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Dead letters as a command sees them, while an agent runs or not: reads the files, changes none of
 * them, and asks by leaving requests.
 */
public final class LetterBox {
  private static final Logger LOG = LoggerFactory.getLogger(LetterBox.class);

  /** The file in the directory that an agent holds a lock on. */
  static final String LOCK = "lock";

  private final Path directory;
  private final Disk disk;
  private final BatchCodec codec;

  /**
   * @param names for the records that are read
   */
  public LetterBox(Path directory, Disk disk, Names names) {
    this.directory = directory;
    this.disk = disk;
    this.codec = new BatchCodec(names, Compression.NONE);
  }

  static List<SegmentName> segments(Disk disk, Path directory) throws IOException {
    return disk.list(directory).stream()
        .map(SegmentName::of)
        .filter(Objects::nonNull)
        .sorted()
        .toList();
  }

  /** Reads all letters, oldest first. Those that go meanwhile may or may not be among them. */
  public void read(Consumer<Letter> each) throws IOException {
    for (SegmentName segment : segments(disk, directory)) {
      try (DiskFile file = disk.open(directory.resolve(segment.letters()), Disk.Mode.READ)) {
        read(file, segment, each);
      } catch (NoSuchFileException e) {
        LOG.debug("{} is gone, as are all of its letters", segment.letters());
      }
    }
  }

  private void read(DiskFile file, SegmentName segment, Consumer<Letter> each) throws IOException {
    BitSet gone = new BitSet();
    try (DiskFile goneFile = disk.open(directory.resolve(segment.gone()), Disk.Mode.READ)) {
      GoneFile.read(goneFile, segment, gone);
    } catch (NoSuchFileException e) {
      LOG.debug("{}: no letter of it is gone", segment.letters());
    }
    LetterFile reader = new LetterFile();
    LetterScan scan = new LetterScan(file, segment);
    while (scan.next()) {
      if (!gone.get((int) (scan.id() - segment.first()))) {
        each.accept(letter(file, reader, scan));
      }
    }
  }

  private Letter letter(DiskFile file, LetterFile reader, LetterScan scan) throws IOException {
    try {
      Envelope envelope = reader.envelope(file, scan.offset());
      Instant time = Instant.ofEpochMilli(envelope.millis());
      Batch record = record(file, reader, scan);
      return new Letter(scan.id(), time, envelope.output(), envelope.reason(), record);
    } catch (DamagedException e) {
      return new Letter(scan.id(), Instant.EPOCH, "", "unreadable: " + e.getMessage(), null);
    }
  }

  private @Nullable Batch record(DiskFile file, LetterFile reader, LetterScan scan)
      throws IOException {
    try {
      return reader.record(file, scan.offset(), codec, new Heap());
    } catch (DamagedException e) {
      return null;
    }
  }

  /** Memory of a process that has no budget. */
  private static final class Heap implements ReplayMemory, Batch.Storage {
    @Override
    public Batch open(int bytes) {
      return new Batch(this, new byte[bytes], 1);
    }

    @Override
    public void release(Batch batch) {
      batch.clear();
    }

    @Override
    public byte[] grow(byte[] bytes, int used, int atLeast) {
      return Arrays.copyOf(bytes, atLeast);
    }
  }

  /** What became of a request. */
  public enum Answer {
    /**
     * No agent that keeps dead letters runs here: a drop is done, a replay waits until one starts.
     */
    DONE,
    /** An agent runs here and begins within some seconds. */
    ASKED
  }

  /**
   * Asks for something, and does it at once where no agent runs and none is needed. An agent that
   * starts meanwhile waits for it.
   */
  public Answer ask(Request request) throws IOException {
    Requests requests = new Requests(disk, directory);
    requests.leave(request);
    Closeable held;
    try {
      held = disk.lock(directory.resolve(LOCK));
    } catch (IOException e) {
      return Answer.ASKED;
    }
    try (held) {
      if (request.action() == Request.Action.DROP) {
        LetterStore store = LetterStore.open(disk, directory, Long.MAX_VALUE);
        new Replays(store, requests, codec).drop();
        store.close();
      }
      return Answer.DONE;
    }
  }
}
