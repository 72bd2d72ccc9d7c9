package io.logboom.core.parser;

import io.logboom.api.batch.Batch;
import io.logboom.api.json.JsonMembers;
import io.logboom.api.plugin.Parser;
import io.logboom.api.record.JsonStrings;
import org.jspecify.annotations.Nullable;

/**
 * A parser for text that is one JSON object. Usually the text itself becomes the body, without a
 * copy; only a member that goes, or is decoded, makes one.
 */
final class JsonBodyParser implements Parser {
  private final String name;
  private final @Nullable TimeField time;
  private final Decoders decoders;
  private final ParserTools tools;
  private final Bodies bodies;
  private final Members decoded = new Members();
  private final Members without = new Members();
  private final JsonMembers members = new JsonMembers();
  private byte[] scratch = new byte[64];

  JsonBodyParser(String name, @Nullable TimeField time, Decoders decoders, ParserTools tools) {
    this.name = name;
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
    int from = batch.offset(record);
    if (!read(batch.bytes(), from, from + batch.length(record))) {
      tools.refused().add(1);
      return false;
    }
    TimeField field = time;
    if (field != null && findTime(field)) {
      batch.epochNanos(record, field.found());
      if (!field.keep()) {
        remove();
        bodies.take(without.array(), 0, without.length());
      }
    }
    bodies.give(batch, record);
    return true;
  }

  private boolean read(byte[] b, int from, int to) {
    if (!bodies.take(b, from, to)) {
      return false;
    }
    if (decoders.isEmpty()) {
      return true;
    }
    decoded.begin();
    decoders.decode(bodies.json(), bodies.from(), bodies.to(), decoded);
    decoded.end();
    return bodies.take(decoded.array(), 0, decoded.length());
  }

  /** Finds the time among the members; whether there is one that can be read. */
  private boolean findTime(TimeField field) {
    field.begin();
    byte[] json = bodies.json();
    members.reset(json, bodies.from() + 1, bodies.to() - 1);
    while (members.next()) {
      if (field.isNamed(json, members.nameFrom(), members.nameTo())) {
        int from = members.valueFrom() + 1;
        int to = members.valueTo() - 1;
        return json[members.valueFrom()] == '"' && readTime(field, json, from, to);
      }
    }
    return false;
  }

  private boolean readTime(TimeField field, byte[] json, int from, int to) {
    for (int i = from; i < to; i++) {
      if (json[i] == '\\') {
        if (scratch.length < to - from) {
          scratch = new byte[to - from];
        }
        return field.read(scratch, 0, JsonStrings.unescape(json, from, to, scratch, 0));
      }
    }
    return field.read(json, from, to);
  }

  /** Copies the object without the member at which {@link #members} stands. */
  private void remove() {
    byte[] json = bodies.json();
    int nameFrom = members.nameFrom();
    members.reset(json, bodies.from() + 1, bodies.to() - 1);
    without.begin();
    while (members.next()) {
      if (members.nameFrom() != nameFrom) {
        without.members(json, members.nameFrom() - 1, members.valueTo());
      }
    }
    without.end();
  }
}
