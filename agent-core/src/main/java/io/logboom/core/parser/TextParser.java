package io.logboom.core.parser;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Parser;
import org.jspecify.annotations.Nullable;

/** A parser for formats that are not JSON: what the format finds becomes a JSON body. */
final class TextParser implements Parser {
  private final String name;
  private final TextFormat format;
  private final @Nullable TimeField time;
  private final Decoders decoders;
  private final ParserTools tools;
  private final Bodies bodies;
  private final Members members = new Members();
  private final Members decoded = new Members();

  TextParser(
      String name,
      TextFormat format,
      @Nullable TimeField time,
      Decoders decoders,
      ParserTools tools) {
    this.name = name;
    this.format = format;
    this.time = time;
    this.decoders = decoders;
    this.tools = tools;
    this.bodies = new Bodies(tools.names());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean parse(Batch batch, int record) {
    if (batch.isJson(record)) {
      return false;
    }
    TimeField field = time;
    if (field != null) {
      field.begin();
    }
    members.begin();
    int from = batch.offset(record);
    TextFormat.Answer answer =
        format.read(batch.bytes(), from, from + batch.length(record), members);
    boolean timed = field != null && field.found() != TimeReader.NONE;
    boolean nothing = members.count() == 0 && !timed;
    if (answer == TextFormat.Answer.REFUSED || nothing || !give(batch, record, answer)) {
      tools.refused().add(1);
      return false;
    }
    if (field != null && timed) {
      batch.epochNanos(record, field.found());
    }
    return true;
  }

  private boolean give(Batch batch, int record, TextFormat.Answer answer) {
    members.end();
    Members result = members;
    if (!decoders.isEmpty()) {
      decoded.begin();
      decoders.decode(members.array(), 0, members.length(), decoded);
      decoded.end();
      result = decoded;
    } else if (answer == TextFormat.Answer.MEMBERS) {
      Bodies.give(batch, record, members.array(), 0, members.length(), members.names());
      return true;
    }
    if (!bodies.take(result.array(), 0, result.length())) {
      return false;
    }
    bodies.give(batch, record);
    return true;
  }
}
