package io.logboom.input.tail;

import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Parser;
import io.logboom.api.plugin.StartException;
import io.logboom.api.time.Timestamps;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Chooses how lines become records, as {@code parser} and {@code multiline.parser} say. */
final class Framers {
  private enum Format {
    CRI,
    DOCKER,
    LINES
  }

  private final Format format;
  private final Origins origins;
  private final @Nullable Parser parser;

  private Framers(Format format, Origins origins, @Nullable Parser parser) {
    this.format = format;
    this.origins = origins;
    this.parser = parser;
  }

  static Framers of(TailConfig config, Context context) throws StartException {
    TailConfig.Making making = config.making();
    List<String> multiline = making.multilineParser();
    String parser = multiline.isEmpty() ? making.parser() : null;
    String first = multiline.isEmpty() ? String.valueOf(parser) : multiline.getFirst();
    if (config.legacy().dockerMode() && multiline.isEmpty()) {
      first = "docker";
    }
    Shape shape = shape(multiline, first, making.key());
    return switch (first) {
      case "docker" -> make(Format.DOCKER, shape, null, config, context);
      case "cri" -> make(Format.CRI, shape, null, config, context);
      default -> {
        Parser found = parser == null ? null : context.parsers().find(parser);
        if (parser != null && found == null) {
          throw new StartException("there is no parser '" + parser + "'");
        }
        yield make(Format.LINES, shape, found, config, context);
      }
    };
  }

  private static Shape shape(List<String> multiline, String first, String key) {
    if (multiline.contains("cri")) {
      return Shape.criJoined(key);
    }
    return multiline.isEmpty() && first.equals("cri") ? Shape.cri(key) : Shape.docker(key);
  }

  private static Framers make(
      Format format, Shape shape, @Nullable Parser parser, TailConfig config, Context context) {
    TailConfig.Making making = config.making();
    return new Framers(
        format, new Origins(context.names(), shape, making.pathKey(), making.offsetKey()), parser);
  }

  Origins origins() {
    return origins;
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
