package io.logboom.output.s3;

import io.logboom.api.disk.DiskFile;
import io.logboom.api.json.ByteSink;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Moves the records of one file of the log to the objects that they belong to. Nothing of it counts
 * before the journal says so: what a crash interrupts is cut off and done again.
 *
 * <p>What is not compressed is written as the log is read, to some objects at once. All else is
 * noted in that pass, and read again for one object after the other: a coder takes memory.
 */
final class Flush {
  private static final int COPY = 64 * 1024;
  private static final int MOST_AT_ONCE = 32;

  private final Staging staging;
  private final StagingLog.Segment segment;
  private final Map<Staged.Group, Growing> growing = new LinkedHashMap<>();
  private final Map<Staged.Group, List<Piece>> pieces = new LinkedHashMap<>();
  private final ByteSink positions = PositionFiles.entry();
  private final List<Grown> grown = new ArrayList<>();
  private final List<Staged> made = new ArrayList<>();
  private byte[] copy = new byte[0];
  private long damagedBytes;

  /** Bytes of one group in the segment. */
  private record Piece(long at, int length, int records, long second, long millis) {}

  /** An object, and what it is with what was added. */
  record Grown(
      Staged object, long length, long records, boolean full, @Nullable PartHashes hashes) {}

  Flush(Staging staging, StagingLog.Segment segment) {
    this.staging = staging;
    this.segment = segment;
  }

  /** Writes the objects; what is on the disk after it is still to be said to the journal. */
  void run() throws IOException {
    try {
      index();
      for (Growing each : List.copyOf(growing.values())) {
        each.finish(false);
      }
      for (Map.Entry<Staged.Group, List<Piece>> each : pieces.entrySet()) {
        for (Piece piece : each.getValue()) {
          with(each.getKey(), piece).add(piece);
        }
        Growing last = growing.get(each.getKey());
        if (last != null) {
          last.finish(false);
        }
      }
    } finally {
      for (Growing each : growing.values()) {
        each.abandon();
      }
    }
  }

  /** The objects that grew, or were made. */
  List<Grown> grown() {
    return grown;
  }

  List<Staged> made() {
    return made;
  }

  ByteSink positions() {
    return positions;
  }

  long damagedBytes() {
    return damagedBytes;
  }

  private void index() throws IOException {
    UnitReader reader =
        new UnitReader(segment.file, StagingLog.HEADER, segment.durable(), staging.unitBytes());
    try {
      index(reader);
    } finally {
      staging.unitBytes(reader.bytes());
    }
  }

  private void index(UnitReader reader) throws IOException {
    while (true) {
      if (reader.next()) {
        reader.blocks(this::block);
        continue;
      }
      long at = reader.position();
      if (at >= segment.durable()) {
        return;
      }
      damagedBytes += (reader.resume() ? reader.position() : segment.durable()) - at;
      if (reader.position() == at) {
        return;
      }
    }
  }

  private void block(UnitReader block) throws IOException {
    Staged.Group group = new Staged.Group(block.tag(), block.period(), staging.coding());
    Piece piece =
        new Piece(
            block.payloadAt(),
            block.payloadLength(),
            block.blockRecords(),
            block.second(),
            block.millis());
    boolean atOnce =
        group.coding() == Staged.Coding.NONE
            && (growing.containsKey(group)
                || (growing.size() < MOST_AT_ONCE && !pieces.containsKey(group)));
    if (atOnce) {
      with(group, piece).add(piece, block.bytes(), block.payloadFrom());
    } else {
      pieces.computeIfAbsent(group, _ -> new ArrayList<>()).add(piece);
    }
    PositionFiles.add(block, positions);
  }

  /** The object of a group that takes the piece. */
  private Growing with(Staged.Group group, Piece piece) throws IOException {
    Growing object = growing.get(group);
    if (object == null) {
      Staged known = staging.openObject(group);
      object = begin(group, known == null ? make(group, piece) : known);
    }
    if (object.isFull(piece.length)) {
      object.finish(true);
      object = begin(group, make(group, piece));
    }
    return object;
  }

  private Growing begin(Staged.Group group, Staged object) throws IOException {
    Growing begun = new Growing(group, object);
    growing.put(group, begun);
    return begun;
  }

  private Staged make(Staged.Group group, Piece first) {
    Staged object = staging.newObject(group, first.second, first.millis, made.size());
    made.add(object);
    return object;
  }

  /** An object that is written to. */
  private final class Growing {
    private final Staged.Group group;
    private final Staged object;
    private final DiskFile file;
    private final HandleStream out;
    private final long before;
    private final @Nullable PartHashes hashes;
    private @Nullable OutputStream coded;
    private long records;

    Growing(Staged.Group group, Staged object) throws IOException {
      this.group = group;
      this.object = object;
      this.file = staging.openFile(object);
      this.before = object.length;
      PartHashes known = object.hashes;
      this.hashes = known != null && known.bytes() == before ? known : null;
      // Valid again when all is on the disk.
      object.hashes = null;
      this.out = new HandleStream(file, before, hashes);
      this.records = object.records;
    }

    /** Whether a piece goes to the next object. */
    boolean isFull(int more) {
      long length = out.position();
      // Compressed, a piece is not known before it is written; it takes a part of its length.
      long wanted = object.coding == Staged.Coding.NONE ? more : more / 8L;
      return length > 0 && length + wanted > staging.mostObjectBytes();
    }

    /** Adds a piece whose bytes are here. */
    void add(Piece piece, byte[] bytes, int from) throws IOException {
      into().write(bytes, from, piece.length);
      records += piece.records;
    }

    /** Reads a piece and adds it. */
    void add(Piece piece) throws IOException {
      if (copy.length == 0) {
        copy = new byte[COPY];
      }
      OutputStream to = into();
      long at = piece.at;
      int left = piece.length;
      while (left > 0) {
        int count = segment.file.read(copy, 0, Math.min(left, COPY), at);
        if (count <= 0) {
          throw new IOException(segment.path + " ends early");
        }
        to.write(copy, 0, count);
        at += count;
        left -= count;
      }
      records += piece.records;
    }

    private OutputStream into() throws IOException {
      OutputStream to = coded;
      if (to == null) {
        // Cut off what an interrupted flush left, before it can be taken for a part of this one.
        file.truncate(before);
        to = Coder.into(out, object.coding);
        coded = to;
      }
      return to;
    }

    void finish(boolean full) throws IOException {
      growing.remove(group);
      try {
        OutputStream to = coded;
        if (to != null) {
          coded = null;
          to.close();
          out.flush();
          file.force();
        }
        grown.add(new Grown(object, out.position(), records, full, hashes));
      } finally {
        file.close();
      }
    }

    /** Something failed: what was written is cut off when it is tried again. */
    void abandon() throws IOException {
      try {
        OutputStream to = coded;
        if (to != null && to != out) {
          to.close();
        }
      } catch (IOException e) {
        // The failure that led here says more.
      } finally {
        file.close();
      }
    }
  }
}
