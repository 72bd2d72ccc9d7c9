package io.logboom.output.s3;

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
 */
final class Flush {
  private static final int COPY = 64 * 1024;

  private final Staging staging;
  private final StagingLog.Segment segment;
  private final Map<Staged.Group, List<Piece>> pieces = new LinkedHashMap<>();
  private final ByteSink positions = PositionFiles.entry();
  private final List<Grown> grown = new ArrayList<>();
  private final List<Staged> made = new ArrayList<>();
  private final byte[] copy = new byte[COPY];
  private long damagedBytes;

  /** Bytes of one group in the segment. */
  private record Piece(long at, int length, int records, long second, long millis) {}

  /** An object, and what it is with what was added. */
  record Grown(Staged object, long length, long records, boolean full) {}

  Flush(Staging staging, StagingLog.Segment segment) {
    this.staging = staging;
    this.segment = segment;
  }

  /** Writes the objects; what is on the disk after it is still to be said to the journal. */
  void run() throws IOException {
    index();
    for (Map.Entry<Staged.Group, List<Piece>> each : pieces.entrySet()) {
      group(each.getKey(), each.getValue());
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
    UnitReader reader = new UnitReader(segment.file, StagingLog.HEADER, segment.durable());
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

  private void block(UnitReader block) {
    Staged.Group group = new Staged.Group(block.tag(), block.period(), staging.coding());
    pieces
        .computeIfAbsent(group, _ -> new ArrayList<>())
        .add(
            new Piece(
                block.payloadAt(),
                block.payloadLength(),
                block.blockRecords(),
                block.second(),
                block.millis()));
    PositionFiles.add(block, positions);
  }

  private void group(Staged.Group group, List<Piece> all) throws IOException {
    Growing object = null;
    Staged known = staging.openObject(group);
    try {
      for (Piece piece : all) {
        if (object != null && object.isFull(piece.length)) {
          Growing full = object;
          object = null;
          full.finish(true);
        }
        if (object == null && known != null) {
          object = new Growing(known);
          known = null;
          if (object.isFull(piece.length)) {
            Growing full = object;
            object = null;
            full.finish(true);
          }
        }
        if (object == null) {
          object = new Growing(make(group, piece));
        }
        object.add(piece);
      }
      if (object != null) {
        Growing last = object;
        object = null;
        last.finish(false);
      }
    } finally {
      if (object != null) {
        object.abandon();
      }
    }
  }

  private Staged make(Staged.Group group, Piece first) {
    Staged object = staging.newObject(group, first.second, first.millis, made.size());
    made.add(object);
    return object;
  }

  /** An object that is written to. */
  private final class Growing {
    private final Staged object;
    private final Disk.Handle file;
    private final HandleStream out;
    private final long before;
    private @Nullable OutputStream coded;
    private long records;

    Growing(Staged object) throws IOException {
      this.object = object;
      this.file = staging.openFile(object);
      this.before = object.length;
      this.out = new HandleStream(file, before);
      this.records = object.records;
    }

    /** Whether a piece goes to the next object. */
    boolean isFull(int more) {
      long length = out.position();
      // Compressed, a piece is not known before it is written; it takes a part of its length.
      long wanted = object.coding == Staged.Coding.NONE ? more : more / 8L;
      return length > 0 && length + wanted > staging.mostObjectBytes();
    }

    void add(Piece piece) throws IOException {
      OutputStream to = coded;
      if (to == null) {
        // Cut off what an interrupted flush left, before it can be taken for a part of this one.
        file.truncate(before);
        to = Coder.into(out, object.coding);
        coded = to;
      }
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

    void finish(boolean full) throws IOException {
      try {
        OutputStream to = coded;
        if (to != null) {
          coded = null;
          to.close();
          out.flush();
          file.force();
        }
        grown.add(new Grown(object, out.position(), records, full));
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
