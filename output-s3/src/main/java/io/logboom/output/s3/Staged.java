package io.logboom.output.s3;

import io.logboom.output.s3.Multipart.Part;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An object on its way: a file with its bytes, and what is known of its upload. Its key is given
 * when it begins and never changes, so that sending it again overwrites it.
 */
final class Staged {
  /** What compresses the object. */
  enum Coding {
    NONE,
    GZIP,
    ZSTD
  }

  final long id;
  final long period;
  final long createdMillis;
  final Coding coding;
  final String tag;
  final String key;
  // Under the monitor of Staging:
  long length;
  long records;
  boolean sealed;
  boolean intended;
  long partBytes;
  @Nullable Multipart upload;
  List<Part> parts = new ArrayList<>();
  long notBeforeNanos;

  /** Not kept over a restart; null where they are not known. */
  @Nullable PartHashes hashes;

  Staged(long id, long period, long createdMillis, Coding coding, String tag, String key) {
    this.id = id;
    this.period = period;
    this.createdMillis = createdMillis;
    this.coding = coding;
    this.tag = tag;
    this.key = key;
    this.notBeforeNanos = System.nanoTime();
  }

  /** Which records go to it. */
  Group group() {
    return new Group(tag, period, coding);
  }

  /** Records of one group may share an object. */
  record Group(String tag, long period, Coding coding) {}
}
