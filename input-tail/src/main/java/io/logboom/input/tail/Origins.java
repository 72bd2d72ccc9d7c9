package io.logboom.input.tail;

import io.logboom.api.batch.Fragment;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import org.jspecify.annotations.Nullable;

/** Makes the origins of a file: one per stream, one for lines without a stream. */
final class Origins {
  static final int STDOUT = 0;
  static final int STDERR = 1;

  /** Added to a stream's number for records that came in pieces. */
  static final int JOINED = 2;

  static final int PLAIN = 4;
  static final int COUNT = 5;

  private final Names names;
  private final Shape shape;
  private final @Nullable String pathKey;
  private final @Nullable String offsetKey;

  Origins(Names names, Shape shape, @Nullable String pathKey, @Nullable String offsetKey) {
    this.names = names;
    this.shape = shape;
    this.pathKey = pathKey;
    this.offsetKey = offsetKey;
  }

  /**
   * @param kind {@link #STDOUT} or {@link #STDERR}, with {@link #JOINED} or not, or {@link #PLAIN}
   */
  Origin make(TailedFile file, String sourceId, int kind) {
    Fragment.Builder base = Fragment.builder(names);
    if (pathKey != null) {
      base.string(pathKey, file.path());
    }
    if (kind != PLAIN) {
      if (shape.stream() != null) {
        base.string(shape.stream(), (kind & 1) == STDOUT ? "stdout" : "stderr");
      }
      if (shape.tag() != null && !isDocker(file)) {
        base.string(shape.tag(), (kind & JOINED) != 0 ? "P" : "F");
      }
    }
    return Origin.builder(names, file.tag())
        .source(file.path())
        .sourceId(sourceId)
        .base(base.build())
        .text(kind == PLAIN ? shape.plain() : shape.text())
        .stamp(kind == PLAIN ? null : shape.stamp())
        .offset(offsetKey)
        .build();
  }

  /** The number of the origin that a record of {@code stream} has, joined or not. */
  int kind(TailedFile file, int stream, boolean joined) {
    return joined && shape.tag() != null && !isDocker(file) ? stream | JOINED : stream;
  }

  /** Docker's lines have no tag to show. */
  private static boolean isDocker(TailedFile file) {
    return file.state.framer instanceof DockerFramer;
  }
}
