package io.logboom.input.tail;

import io.logboom.api.batch.Origin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file that is open. The watcher opens it and says what becomes of its name; the reader reads it,
 * and closes it when it is gone from its path, read to its end, and settled.
 */
final class TailedFile {
  private static final int FIRST_LINE = 256;

  private final String path;
  private final String tag;
  private final int generation;
  private final Lineage lineage;
  private final @Nullable Origin[] origin = new Origin[Origins.COUNT];

  // Written by the watcher.
  private volatile FileKey key;
  private volatile Content content;
  private volatile Path name;
  private volatile boolean gone;
  private volatile boolean deleted;
  private volatile boolean givenUp;
  private volatile long order;

  // Written by both: each takes what stands there, the reader more of it.
  private volatile Sample head = Sample.NONE;

  // Written by the reader.
  private volatile Place place;
  private volatile long end;
  private volatile Ledger ledger;
  private volatile String sourceId;
  private volatile boolean truncated;
  private volatile boolean closed;
  private volatile boolean failed;
  private volatile long behindSinceNanos;

  // The reader's alone.
  private int pins;
  final ReadState state = new ReadState();

  /** What only the reader needs to know of a file. */
  static final class ReadState {
    // The file at the same path that is to be read before this one.
    @Nullable TailedFile before;
    // The file that was truncated, whose place this one takes.
    @Nullable TailedFile replaces;
    @Nullable Framer framer;
    boolean skipping;
    Place safe = Place.START;
    long lineStart;
    long searchedTo;
    long lookedAtEnd = -1;
    long nextLookNanos;
    long grownNanos;
    long goneNanos;
    int batch = -1;
    int rewinds;
    long rewindNanos;
    int faults;
    // Up to here lines are taken in as they are: a framer or parser failed at them.
    long rawTo;
  }

  /**
   * @param path as the pattern found it
   * @param name what it is called now, links resolved
   * @param generation how often the same file was truncated and begun anew
   * @param sourceId empty where it is still to be made from the first line
   */
  TailedFile(
      String path,
      String tag,
      Path name,
      FileKey key,
      int generation,
      Content content,
      Lineage lineage,
      Place start,
      String sourceId) {
    this.path = path;
    this.tag = tag;
    this.name = name;
    this.key = key;
    this.generation = generation;
    this.content = content;
    this.lineage = lineage;
    this.place = start;
    this.ledger = new Ledger(start);
    this.sourceId = sourceId;
  }

  String path() {
    return path;
  }

  String tag() {
    return tag;
  }

  FileKey key() {
    return key;
  }

  int generation() {
    return generation;
  }

  Content content() {
    return content;
  }

  Lineage lineage() {
    return lineage;
  }

  Path name() {
    return name;
  }

  void name(Path now) {
    name = now;
  }

  /** Whether its path is another file's, or nobody's: nothing but a late write will follow. */
  boolean isGone() {
    return gone;
  }

  void gone(boolean unlinked) {
    deleted = unlinked;
    gone = true;
  }

  void back(Path now) {
    name = now;
    deleted = false;
    gone = false;
  }

  /** From now on the same bytes are read from another file. Only for the book, which knows keys. */
  void goOn(FileKey nextKey, Path nextName, Content next) {
    key = nextKey;
    content = next;
    name = nextName;
    deleted = false;
  }

  /** Whether nothing more of it is to be read, for the sake of the disk. */
  boolean isGivenUp() {
    return givenUp;
  }

  void giveUp() {
    givenUp = true;
  }

  /** Files opened later have higher numbers. */
  long order() {
    return order;
  }

  void order(long number) {
    order = number;
  }

  /** Whether it has no name any more that we know of. */
  boolean isDeleted() {
    return deleted;
  }

  /** Where the next line begins. */
  long position() {
    return place.position();
  }

  /** Where the next line begins, and what stands before it. */
  Place place() {
    return place;
  }

  void place(Place next) {
    place = next;
  }

  /** Its size at the last look. */
  long end() {
    return end;
  }

  void end(long seen) {
    end = seen;
  }

  /** How many bytes were there at the last look and have not been read, as far as is known. */
  long unreadBytes() {
    long seen = end;
    return seen == Long.MAX_VALUE ? 0 : Math.max(0, seen - position());
  }

  Sample head() {
    return head;
  }

  void head(Sample first) {
    head = first;
  }

  /**
   * Takes the head where there is none: before it is this file's turn to be read, it may be renamed
   * and packed, and its inode another file's. One that cannot be read has none.
   */
  void takeHead() {
    if (head.length() == 0) {
      try {
        head = Sample.head(content);
      } catch (IOException e) {
        head = Sample.NONE;
      }
    }
  }

  Ledger ledger() {
    return ledger;
  }

  void ledger(Ledger next) {
    ledger = next;
  }

  /** Whether it shrank or was written anew; the reader leaves it alone from then on. */
  boolean isTruncated() {
    return truncated;
  }

  void truncated(boolean now) {
    truncated = now;
  }

  /** Whether the reader is through with it. */
  boolean isClosed() {
    return closed;
  }

  void closed() {
    closed = true;
  }

  /** Whether reading it failed for good. */
  boolean isFailed() {
    return failed;
  }

  void failed(boolean now) {
    failed = now;
  }

  /** Since when it has had unread bytes; 0 where it has none. */
  long behindSinceNanos() {
    return behindSinceNanos;
  }

  void behindSinceNanos(long since) {
    behindSinceNanos = since;
  }

  /** A piece of an incomplete record stands in it. */
  void pin() {
    pins++;
  }

  void unpin() {
    pins--;
  }

  boolean isPinned() {
    return pins > 0;
  }

  /** The place that a batch given away now takes the file to, once it is settled. */
  Place safePlace() {
    Place here = place;
    long next = state.skipping ? state.lineStart : here.position();
    long safe = Math.min(next, lineage.firstIn(this));
    Taken taken = here.taken();
    if (safe < next || !taken.equals(Taken.NONE)) {
      taken =
          new Taken(taken(taken, Origins.STDOUT, next), taken(taken, Origins.STDERR, next))
              .at(safe);
    }
    if (safe == here.position() && taken.equals(here.taken())) {
      return here;
    }
    if (state.safe.position() != safe) {
      try {
        state.safe = new Place(safe, Sample.before(content, safe));
      } catch (IOException e) {
        // Without a sample the position is trusted as it is.
        state.safe = new Place(safe, Sample.NONE);
      }
    }
    if (!taken.equals(state.safe.taken())) {
      state.safe = new Place(safe, state.safe.before(), taken);
    }
    return state.safe;
  }

  /** How far a stream is done: to its record that waits, or to {@code next}. */
  private long taken(Taken before, int stream, long next) {
    return Math.max(before.of(stream), Math.min(next, lineage.firstIn(this, stream)));
  }

  /** Its id, empty where no line of it was ever complete. */
  String sourceId() {
    return sourceId;
  }

  Origin origin(Origins origins, int kind) throws IOException {
    Origin known = origin[kind];
    if (known == null) {
      if (sourceId.isEmpty()) {
        sourceId = idFrom(key, generation, firstLine());
      }
      known = origins.make(this, sourceId, kind);
      origin[kind] = known;
    }
    return known;
  }

  private byte[] firstLine() throws IOException {
    byte[] bytes = new byte[FIRST_LINE];
    int n = content.read(bytes, 0, bytes.length, 0);
    int end = 0;
    while (end < n && bytes[end] != '\n') {
      end++;
    }
    return java.util.Arrays.copyOf(bytes, end);
  }

  private static String idFrom(FileKey key, int generation, byte[] firstLine) {
    long seed = Hash.mix(key.device() * 31 + Hash.mix(key.inode()) + generation);
    return Long.toUnsignedString(Hash.of(firstLine, 0, firstLine.length, seed), 36);
  }

  @Override
  public String toString() {
    String now = name.toString();
    return now.equals(path) ? path : path + " (" + now + ")";
  }

  /** For messages about lines: their first bytes, made printable. */
  static String excerpt(byte[] bytes, int from, int to) {
    String text = new String(bytes, from, Math.min(to - from, 80), StandardCharsets.UTF_8);
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
