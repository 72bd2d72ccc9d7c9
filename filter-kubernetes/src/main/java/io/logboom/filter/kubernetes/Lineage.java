package io.logboom.filter.kubernetes;

import io.logboom.api.batch.Fragment;
import io.logboom.api.json.JsonMembers;
import io.logboom.api.plugin.Parser;
import org.jspecify.annotations.Nullable;

/**
 * What the filter remembers of one origin. All but {@link #log} and {@link #linking} belongs to the
 * filter's thread.
 */
final class Lineage {
  /** Which streams a directive is for. */
  enum Stream {
    STDOUT,
    STDERR,
    /** The records do not say, or each says for itself. */
    UNKNOWN;

    /** The stream that the members in {@code json[from, to)} name. */
    static Stream in(byte[] json, int from, int to) {
      JsonMembers each = new JsonMembers(json, from, to);
      while (each.next()) {
        if (json[each.valueFrom()] == '"'
            && JsonText.decode(json, each.nameFrom(), each.nameTo()).equals("stream")) {
          return switch (JsonText.decode(json, each.valueFrom() + 1, each.valueTo() - 1)) {
            case "stdout" -> STDOUT;
            case "stderr" -> STDERR;
            default -> UNKNOWN;
          };
        }
      }
      return UNKNOWN;
    }
  }

  final boolean local;
  final boolean textIsLog;
  final Stream stream;

  /** Null where neither tag nor path names a container. The UID may come later, from a link. */
  volatile @Nullable LogName log;

  /** While the source's link is being read. */
  volatile boolean linking;

  Fragment fragment = Fragment.EMPTY;
  boolean incomplete;
  Directives directives = Directives.NONE;
  @Nullable Parser stdoutParser;
  @Nullable Parser stderrParser;
  @Nullable Parser agreedParser;

  @Nullable Pod pod;
  @Nullable Namespace namespace;
  @Nullable EncodedState state;
  boolean encoded;
  boolean waited;
  long seen = -1;
  long askAgainAt;

  Lineage(@Nullable LogName log, boolean local, boolean textIsLog, Stream stream) {
    this.log = log;
    this.local = local;
    this.textIsLog = textIsLog;
    this.stream = stream;
  }
}
