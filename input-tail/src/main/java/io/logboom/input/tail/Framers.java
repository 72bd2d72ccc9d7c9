package io.logboom.input.tail;

import static java.util.Comparator.naturalOrder;

import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Parser;
import io.logboom.api.plugin.StartException;
import io.logboom.api.text.Multiline;
import io.logboom.api.time.Timestamps;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Chooses how lines become records, as {@code parser} and {@code multiline.parser} say. */
final class Framers {
  private enum Format {
    CRI,
    DOCKER,
    LINES
  }

  /** The multiline parsers that are the formats of container logs. */
  private static final Set<String> CONTAINER = Set.of("docker", "cri");

  private static final Duration LONG = Duration.ofMinutes(1);

  private final Format format;
  private final Origins origins;
  private final @Nullable Parser parser;
  private final List<Multiline> joined;

  private Framers(Format format, Origins origins, @Nullable Parser parser, List<Multiline> joined) {
    this.format = format;
    this.origins = origins;
    this.parser = parser;
    this.joined = joined;
  }

  static Framers of(TailConfig config, Context context) throws StartException {
    TailConfig.Making making = config.making();
    List<String> multiline = making.multilineParser();
    String parser = multiline.isEmpty() ? making.parser() : null;
    String first = String.valueOf(parser);
    if (!multiline.isEmpty()) {
      first = multiline.stream().filter(CONTAINER::contains).findFirst().orElse("");
    } else if (config.legacy().dockerMode()) {
      first = "docker";
    }
    Shape shape = shape(multiline, first, making.key());
    boolean container = CONTAINER.contains(first);
    List<Multiline> joined =
        Joining.find(
            multiline.stream().filter(name -> !CONTAINER.contains(name)).toList(),
            context,
            container ? shape.text() : making.key(),
            container);
    Origins origins = new Origins(context.names(), shape, making.pathKey(), making.offsetKey());
    return switch (first) {
      case "docker" -> new Framers(Format.DOCKER, origins, null, joined);
      case "cri" -> new Framers(Format.CRI, origins, null, joined);
      default -> {
        Parser found = parser == null ? null : context.parsers().find(parser);
        if (parser != null && found == null) {
          throw new StartException("there is no parser '" + parser + "'");
        }
        yield new Framers(Format.LINES, origins, found, joined);
      }
    };
  }

  private static Shape shape(List<String> multiline, String first, String key) {
    if (multiline.contains("cri")) {
      return Shape.criJoined(key);
    }
    return multiline.isEmpty() && first.equals("cri") ? Shape.cri(key) : Shape.docker(key);
  }

  Origins origins() {
    return origins;
  }

  /** Makes records of several lines, for one thread; null where each line is one. */
  @Nullable Joining joining() {
    return joined.isEmpty() ? null : new Joining(joined);
  }

  /** The shortest time that a record waits for its next line. */
  Duration shortestWait() {
    return joined.stream().map(Multiline::flushTimeout).min(naturalOrder()).orElse(LONG);
  }

  /** The framer that files begin with; for one thread. */
  Framer make(String instance, TailCounters counters, Said said) {
    if (format == Format.LINES) {
      return new LineFramer(parser);
    }
    Timestamps timestamps = new Timestamps();
    Misfits misfits = new Misfits(timestamps, instance, counters, said);
    CriFramer cri = new CriFramer(timestamps, misfits);
    DockerFramer docker = new DockerFramer(timestamps, misfits);
    misfits.framers(cri, docker);
    return format == Format.CRI ? cri : docker;
  }
}
