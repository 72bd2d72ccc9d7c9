package io.logboom.core.parser;

import io.logboom.api.batch.Names;
import io.logboom.api.meter.Meters;
import io.logboom.api.plugin.Parser;
import io.logboom.api.plugin.Parsers;
import io.logboom.api.text.Regex;
import io.logboom.core.config.ParserDefinition;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The parsers of a configuration, and the built-in ones, which it can replace. Safe for all
 * threads; what it makes is for one.
 */
public final class ConfiguredParsers implements Parsers {
  private final Map<String, ParserDefinition> defined = new HashMap<>();
  private final Names names;
  private final InstantSource clock;
  private final Meters meters;

  /**
   * @param clock for times that do not tell their year
   * @param meters where refused texts and times are counted, by parser
   */
  public ConfiguredParsers(
      List<ParserDefinition> definitions, Names names, InstantSource clock, Meters meters) {
    for (ParserDefinition definition : definitions) {
      defined.put(definition.name(), definition);
    }
    this.names = names;
    this.clock = clock;
    this.meters = meters;
  }

  /** The names of the built-in ones. */
  public static Set<String> builtIn() {
    return BuiltInParsers.names();
  }

  @Override
  public @Nullable Parser find(String name) {
    ParserDefinition definition = definition(name);
    return definition == null ? null : parser(definition);
  }

  @Override
  public @Nullable Regex regex(String name) {
    ParserDefinition definition = definition(name);
    return definition == null ? null : definition.regex();
  }

  @Override
  public Collection<String> names() {
    Set<String> all = new TreeSet<>(BuiltInParsers.names());
    all.addAll(defined.keySet());
    return all;
  }

  private @Nullable ParserDefinition definition(String name) {
    ParserDefinition own = defined.get(name);
    return own == null ? BuiltInParsers.find(name) : own;
  }

  private Parser parser(ParserDefinition d) {
    ParserTools tools = ParserTools.of(d.name(), names, clock, meters);
    TimeField time = TimeField.of(d.time(), clock, tools.unreadableTimes());
    Decoders decoders = new Decoders(d, names);
    FieldTypeTable types = new FieldTypeTable(d.types());
    return switch (d.format()) {
      case JSON -> new JsonBodyParser(d.name(), time, decoders, tools);
      case LTSV -> new TextParser(d.name(), new LtsvFormat(types, time), time, decoders, tools);
      case LOGFMT -> {
        LogfmtFormat format = new LogfmtFormat(types, time, d.logfmtNoBareKeys());
        yield new TextParser(d.name(), format, time, decoders, tools);
      }
      case REGEX -> {
        Regex regex = d.regex();
        if (regex == null) {
          throw new IllegalArgumentException("the parser " + d.name() + " has no regex");
        }
        RegexFormat format = new RegexFormat(regex, types, time, d.skipEmptyValues(), tools);
        yield new TextParser(d.name(), format, time, decoders, tools);
      }
    };
  }
}
