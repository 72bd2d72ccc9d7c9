package io.logboom.input.tail;

import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.StartException;
import io.logboom.api.text.LineJoiner;
import io.logboom.api.text.LineJoiner.Verdict;
import io.logboom.api.text.Multiline;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of several lines, as multiline parsers say. One thread. What waits for its next
 * line is kept in the {@link Lineage}, by position: it is read again when the record is complete.
 */
final class Joining {
  private static final int USUAL_SCRATCH = 4 * 1024;
  private static final int KEPT_SCRATCH = 64 * 1024;

  private final LineJoiner joiner;
  private byte[] scratch = new byte[USUAL_SCRATCH];

  Joining(List<Multiline> parsers) {
    this.joiner = new LineJoiner(parsers);
  }

  /**
   * Finds multiline parsers.
   *
   * @param text the name of the member that is joined
   * @param perStream whether the lines have a member {@code stream}
   * @throws StartException where there is no such parser, or it wants what cannot be had here
   */
  static List<Multiline> find(List<String> names, Context context, String text, boolean perStream)
      throws StartException {
    List<Multiline> found = new ArrayList<>();
    for (String name : names) {
      Multiline parser = context.multilines().find(name);
      if (parser == null) {
        throw new StartException("there is no multiline parser '" + name + "'");
      }
      String only = "only '" + text + "' is joined here";
      refuse(parser, "parser", parser.parser(), null, "docker or cri may stand before it instead");
      refuse(parser, "key_content", parser.keyContent(), text, only);
      refuse(parser, "key_pattern", parser.keyPattern(), text, only);
      refuse(
          parser,
          "key_group",
          parser.keyGroup(),
          perStream ? "stream" : null,
          "lines are joined per stream where docker or cri stands before it, else per file");
      found.add(parser);
    }
    return found;
  }

  private static void refuse(
      Multiline parser,
      String option,
      @Nullable String value,
      @Nullable String allowed,
      String reason)
      throws StartException {
    if (value != null && !value.equals(allowed)) {
      throw new StartException(
          "multiline.parser "
              + parser.name()
              + ": its "
              + option
              + " '"
              + value
              + "' cannot be used by a tail input: "
              + reason);
    }
  }

  /**
   * Takes in a line that is complete, with the pieces before it; as {@link Region#complete}, and
   * for the lines of a file without streams.
   */
  boolean line(
      Region region,
      int stream,
      int line,
      int text,
      int textEnd,
      int stamp,
      int stampLength,
      long nanos,
      boolean escaped)
      throws IOException {
    Lineage lineage = region.file().lineage();
    Partial lines = lineage.lines(stream);
    Partial pieces = stream == Origins.PLAIN ? null : lineage.partial(stream);
    if (pieces != null && pieces.isEmpty()) {
      pieces = null;
    }
    if (pieces == null && region.leavesOut(textEnd - text)) {
      return true;
    }
    int length = textEnd - text + (pieces == null ? 0 : (int) pieces.bytes());
    int parts = 1 + (pieces == null ? 0 : pieces.pieces());
    int state = look(region, pieces, text, textEnd, escaped, length, lines.state());
    if (joiner.verdict() == Verdict.CONTINUE && !region.fits(lines, length, parts)) {
      lines.cut();
      if (!region.flushLines(stream)) {
        return false;
      }
      state = look(region, pieces, text, textEnd, escaped, length, LineJoiner.NOTHING);
    }
    boolean complete = joiner.isComplete();
    if (joiner.verdict() != Verdict.CONTINUE) {
      if (!region.flushLines(stream)) {
        return false;
      }
      if (complete) {
        return region.alone(stream, line, text, textEnd, stamp, stampLength, nanos, escaped);
      }
      region.begin(lines, pieces, stamp, stampLength, nanos);
    }
    Multiline parser = joiner.parser();
    lines.nextLine(state, parser.flushTimeout().toNanos());
    region.append(lines, pieces, line, text, textEnd, escaped, parser.breaksLines());
    if (complete && !region.flushLines(stream)) {
      lines.over();
    }
    return true;
  }

  /** Shows the joiner a line's text, which is {@code length} bytes at most. */
  private int look(
      Region region,
      @Nullable Partial pieces,
      int text,
      int textEnd,
      boolean escaped,
      int length,
      int state)
      throws IOException {
    if (!escaped && pieces == null) {
      return joiner.next(state, region.bytes(), text, textEnd);
    }
    if (scratch.length < length) {
      scratch = new byte[Math.max(length, scratch.length * 2)];
    }
    int end = region.copyText(pieces, text, textEnd, escaped, scratch);
    int next = joiner.next(state, scratch, 0, end);
    if (scratch.length > KEPT_SCRATCH) {
      scratch = new byte[USUAL_SCRATCH];
    }
    return next;
  }
}
