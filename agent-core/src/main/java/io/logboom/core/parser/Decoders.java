package io.logboom.core.parser;

import io.logboom.api.batch.Names;
import io.logboom.api.json.JsonMembers;
import io.logboom.api.json.JsonScanner;
import io.logboom.api.record.JsonStrings;
import io.logboom.core.config.FieldDecoder;
import io.logboom.core.config.ParserDefinition;
import io.logboom.core.config.ParserDefinition.Decoder;
import io.logboom.core.config.ParserDefinition.Then;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Decodes members of a JSON object whose text is itself encoded: {@code decode_field} adds the
 * decoded object's members to the record, {@code decode_field_as} puts the result in the member's
 * place. One instance per thread.
 */
final class Decoders {
  private record Rule(byte[] field, FieldDecoder decoder, boolean inPlace) {}

  private final List<Rule> rules = new ArrayList<>();
  private final JsonScanner scanner;
  private final JsonMembers members = new JsonMembers();
  private final Members added = new Members();
  private byte[] text = new byte[512];
  private byte[] spare = new byte[512];
  private int length;

  Decoders(ParserDefinition definition, Names names) {
    this.scanner = new JsonScanner(names);
    definition.decodeField().forEach(d -> rules.add(rule(d, false)));
    definition.decodeFieldAs().forEach(d -> rules.add(rule(d, true)));
  }

  private static Rule rule(FieldDecoder decoder, boolean inPlace) {
    return new Rule(decoder.field().getBytes(StandardCharsets.UTF_8), decoder, inPlace);
  }

  boolean isEmpty() {
    return rules.isEmpty();
  }

  /** Writes the object {@code json[from, to)}, decoded; a name may stand in it twice. */
  void decode(byte[] json, int from, int to, Members out) {
    added.begin();
    members.reset(json, from + 1, to - 1);
    while (members.next()) {
      out.quotedKey(json, members.nameFrom() - 1, members.nameTo() + 1);
      int valueFrom = members.valueFrom();
      int valueTo = members.valueTo();
      if (json[valueFrom] != '"' || !hasRule(json, members.nameFrom(), members.nameTo())) {
        out.json(json, valueFrom, valueTo);
      } else {
        member(json, valueFrom, valueTo, out);
      }
    }
    out.members(added);
  }

  private boolean hasRule(byte[] json, int from, int to) {
    for (Rule rule : rules) {
      if (isNamed(rule, json, from, to)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isNamed(Rule rule, byte[] json, int from, int to) {
    return Arrays.equals(rule.field(), 0, rule.field().length, json, from, to);
  }

  private void member(byte[] json, int valueFrom, int valueTo, Members out) {
    int nameFrom = members.nameFrom();
    int nameTo = members.nameTo();
    unescape(json, valueFrom + 1, valueTo - 1);
    boolean addedDone = false;
    boolean placeDone = false;
    boolean changed = false;
    for (int i = 0; i < rules.size(); i++) {
      Rule rule = rules.get(i);
      boolean done = rule.inPlace() ? placeDone : addedDone;
      if (done || !isNamed(rule, json, nameFrom, nameTo)) {
        continue;
      }
      FieldDecoder decoder = rule.decoder();
      if (decoder.decoder() == Decoder.JSON) {
        boolean object = isObject();
        if (object && rule.inPlace()) {
          out.json(text, scanner.start(), scanner.stop());
          return;
        }
        if (object) {
          added.members(text, scanner.start() + 1, scanner.stop() - 1);
        }
        done = object ? decoder.then() != Then.DO_NEXT : decoder.then() == Then.STOP;
      } else {
        if (rule.inPlace()) {
          decodeText(decoder.decoder());
          changed = true;
        }
        done = decoder.then() != Then.DO_NEXT;
      }
      if (rule.inPlace()) {
        placeDone = done;
      } else {
        addedDone = done;
      }
    }
    if (changed) {
      out.string(text, 0, length);
    } else {
      out.json(json, valueFrom, valueTo);
    }
  }

  private boolean isObject() {
    return scanner.scan(text, 0, length) != JsonScanner.NOT_AN_OBJECT;
  }

  private void unescape(byte[] json, int from, int to) {
    if (text.length < to - from) {
      text = new byte[Math.max(to - from, text.length * 2)];
    }
    length = JsonStrings.unescape(json, from, to, text, 0);
  }

  private void decodeText(Decoder decoder) {
    if (spare.length < length) {
      spare = new byte[text.length];
    }
    int decoded =
        switch (decoder) {
          case ESCAPED -> Escapes.plain(text, length, spare);
          case ESCAPED_UTF8 -> JsonStrings.unescape(text, 0, length, spare, 0);
          case MYSQL_QUOTED -> Escapes.mysql(text, length, spare);
          case JSON -> throw new IllegalStateException("JSON is no decoder of text");
        };
    byte[] free = text;
    text = spare;
    spare = free;
    length = decoded;
  }
}
