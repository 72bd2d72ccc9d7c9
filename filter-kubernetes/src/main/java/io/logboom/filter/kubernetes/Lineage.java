package io.logboom.filter.kubernetes;

import io.logboom.api.batch.Fragment;
import io.logboom.api.json.JsonMembers;
import io.logboom.api.plugin.Parser;
import java.net.InetAddress;
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

  /** Where the records were sent from; null where they are a file's. */
  final @Nullable InetAddress sender;

  /** What the tag says that the sender is; null where it says nothing. */
  final @Nullable LogName claim;

  /**
   * Null where neither tag nor path names a container, and no pod is known by the sender's address
   * yet. The UID may come later, from a link.
   */
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
  boolean told;

  /** Whether there was waiting in vain for what the sender's address tells. */
  boolean gaveUp;

  /** Whether the pod is the one that has the sender's address, or had it. */
  boolean known;

  long seen = -1;
  long askAgainAt;

  Lineage(
      @Nullable LogName log,
      @Nullable InetAddress sender,
      boolean local,
      boolean textIsLog,
      Stream stream) {
    this.log = log;
    this.claim = log;
    this.sender = sender;
    this.local = local;
    this.textIsLog = textIsLog;
    this.stream = stream;
  }
}
