package io.logboom.input.tail;

import java.io.IOException;

/**
 * What is remembered of a file, in memory and in checkpoints.
 *
 * @param path the path at which it was followed
 * @param name what it was called last, links resolved
 * @param generation how often it was truncated and begun anew
 * @param head what it starts with
 * @param position up to where it is settled
 * @param before what stands before the position
 * @param taken what is settled behind the position
 * @param sourceId its id, empty where it has none yet
 * @param complete whether it was gone from its path, read to its end, and settled
 * @param seenMillis when it was there last
 */
record Known(
    String path,
    String name,
    FileKey key,
    int generation,
    Sample head,
    long position,
    Sample before,
    Taken taken,
    String sourceId,
    boolean complete,
    long seenMillis) {

  /** Where reading goes on. */
  Place place() {
    return new Place(position, before, taken);
  }

  /** Whether these are the file's bytes, up to the position at least. */
  boolean isIn(Content content) throws IOException {
    return content.end() >= position
        && head.isHeadOf(content)
        && before.isBefore(content, position)
        && (!wasEmpty() || isEmpty(content));
  }

  /** Whether the file is read to its end, and these bytes begin as it. */
  boolean isReadIn(Content content) throws IOException {
    return complete && head.isHeadOf(content) && (!wasEmpty() || isEmpty(content));
  }

  private boolean wasEmpty() {
    return complete && position == 0;
  }

  private static boolean isEmpty(Content content) throws IOException {
    return content.read(new byte[1], 0, 1, 0) == 0;
  }

  /** As {@link #isIn}, and surely so: an empty file's knowledge would fit any. */
  boolean isSurelyIn(Content content) throws IOException {
    return head.length() > 0 && position > 0 && isIn(content);
  }

  /** Whether these are a file's bytes of which nothing is settled, though some were seen. */
  boolean isBegunIn(Content content) throws IOException {
    return head.length() > 0 && position == 0 && !complete && head.isHeadOf(content);
  }

  Known seen(String nameNow, long millis) {
    return new Known(
        path, nameNow, key, generation, head, position, before, taken, sourceId, complete, millis);
  }

  /** The same, of a file that has not this inode any more. */
  Known under(FileKey nextKey) {
    return new Known(
        path,
        name,
        nextKey,
        generation,
        head,
        position,
        before,
        taken,
        sourceId,
        complete,
        seenMillis);
  }

  /** A file with the same bytes, of which nothing is left to read. */
  Known copied(String copyName, FileKey copyKey, long millis) {
    return new Known(
        path, copyName, copyKey, generation, head, position, before, taken, sourceId, true, millis);
  }

  /** Whether this tells more than the other, of the same file. */
  boolean isAheadOf(Known other) {
    if (generation != other.generation) {
      return generation > other.generation;
    }
    return position > other.position
        || (position == other.position
            && (taken.stdout() > other.taken.stdout()
                || taken.stderr() > other.taken.stderr()
                || (complete && !other.complete)));
  }

  /** Whether reading at the position and going on would give the same as this. */
  boolean sameAs(Known other) {
    return position == other.position
        && taken.equals(other.taken)
        && name.equals(other.name)
        && head.equals(other.head)
        && generation == other.generation
        && complete == other.complete
        && sourceId.equals(other.sourceId);
  }
}
