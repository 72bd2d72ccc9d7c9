package io.logboom.core.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.logboom.api.config.ByteSize;
import io.logboom.api.plugin.Plugin;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The JSON Schema (2020-12) of YAML configurations, for editors. It is about names and shapes;
 * {@code check} knows all rules.
 */
public final class JsonSchema {
  private static final String DEFS = "#/$defs/";

  private final JsonGenerator json;

  private JsonSchema(JsonGenerator json) {
    this.json = json;
  }

  /** The schema as text. */
  public static String of(Catalog catalog) {
    StringWriter text = new StringWriter();
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter);
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.setPrettyPrinter(printer);
      new JsonSchema(json).write(catalog);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.append('\n').toString();
  }

  private void write(Catalog catalog) throws IOException {
    json.writeStartObject();
    json.writeStringField("$schema", "https://json-schema.org/draft/2020-12/schema");
    json.writeStringField("title", "Logboom configuration");
    json.writeStringField("type", "object");
    json.writeBooleanField("additionalProperties", false);
    json.writeObjectFieldStart("properties");
    json.writeObjectFieldStart("env");
    json.writeArrayFieldStart("type");
    json.writeString("object");
    json.writeString("array");
    json.writeEndArray();
    json.writeEndObject();
    array("includes", "text");
    reference("service", "service");
    array("parsers", "parser");
    array("multiline_parsers", "multiline-parser");
    json.writeObjectFieldStart("pipeline");
    json.writeStringField("type", "object");
    json.writeBooleanField("additionalProperties", false);
    json.writeObjectFieldStart("properties");
    array("inputs", "input");
    array("filters", "filter");
    array("outputs", "output");
    json.writeEndObject();
    json.writeEndObject();
    json.writeObjectFieldStart("extensions");
    json.writeEndObject();
    json.writeEndObject();
    definitions(catalog);
    json.writeEndObject();
  }

  private void array(String name, String items) throws IOException {
    json.writeObjectFieldStart(name);
    json.writeStringField("type", "array");
    reference("items", items);
    json.writeEndObject();
  }

  private void reference(String name, String definition) throws IOException {
    json.writeObjectFieldStart(name);
    json.writeStringField("$ref", DEFS + definition);
    json.writeEndObject();
  }

  private void definitions(Catalog catalog) throws IOException {
    json.writeObjectFieldStart("$defs");
    section(Described.SERVICE, List.of(), List.of(), InertOption.SERVICE);
    section(Described.PARSER, List.of(), List.of(), List.of());
    section(Described.MULTILINE, List.of(), List.of(), List.of());
    for (SectionKind kind : List.of(SectionKind.INPUT, SectionKind.FILTER, SectionKind.OUTPUT)) {
      choice(kind, catalog);
    }
    for (Plugin<?, ?> plugin : catalog.plugins()) {
      List<String> names = new ArrayList<>(plugin.aliases());
      names.addFirst(plugin.type());
      SectionKind kind = Catalog.kind(plugin);
      section(Described.of(plugin), names, Described.common(kind).options(), Described.inert(kind));
    }
    values();
    json.writeEndObject();
  }

  /** A section of that kind: its name decides which plugin's options it has. */
  private void choice(SectionKind kind, Catalog catalog) throws IOException {
    json.writeObjectFieldStart(Catalog.name(kind));
    json.writeStringField("type", "object");
    json.writeArrayFieldStart("required");
    json.writeString("name");
    json.writeEndArray();
    named(List.copyOf(catalog.names(kind)));
    json.writeArrayFieldStart("allOf");
    for (Plugin<?, ?> plugin : catalog.plugins()) {
      if (Catalog.kind(plugin) == kind) {
        json.writeStartObject();
        json.writeObjectFieldStart("if");
        named(names(plugin));
        json.writeEndObject();
        reference("then", Described.of(plugin).file());
        json.writeEndObject();
      }
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void named(List<String> names) throws IOException {
    json.writeObjectFieldStart("properties");
    json.writeObjectFieldStart("name");
    choices(names);
    json.writeEndObject();
    json.writeEndObject();
  }

  private static List<String> names(Plugin<?, ?> plugin) {
    List<String> names = new ArrayList<>(plugin.aliases());
    names.addFirst(plugin.type());
    return names;
  }

  /**
   * @param names the words that a plugin answers to; empty for another section
   */
  private void section(
      Described section, List<String> names, List<OptionSpec> common, List<InertOption> inert)
      throws IOException {
    json.writeObjectFieldStart(section.file());
    json.writeStringField("type", "object");
    json.writeStringField("description", section.text());
    json.writeBooleanField("additionalProperties", false);
    List<OptionSpec> options = new ArrayList<>(section.options());
    options.addAll(common);
    required(names.isEmpty() ? List.of() : List.of("name"), options);
    json.writeObjectFieldStart("properties");
    if (!names.isEmpty()) {
      json.writeObjectFieldStart("name");
      choices(names);
      json.writeEndObject();
    }
    Set<String> seen = new HashSet<>();
    for (OptionSpec option : options) {
      if (seen.add(option.name())) {
        option(option.name(), option);
        for (String alias : option.aliases()) {
          option(alias, option);
        }
      }
    }
    for (InertOption option : inert) {
      if (seen.add(option.name())) {
        json.writeObjectFieldStart(option.name());
        json.writeStringField("description", "Has no effect: " + option.why());
        json.writeEndObject();
      }
    }
    if (section.equals(Described.MULTILINE)) {
      rules();
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private void required(List<String> names, List<OptionSpec> options) throws IOException {
    List<String> all = new ArrayList<>(names);
    for (OptionSpec option : options) {
      if (option.option().required() && option.aliases().isEmpty()) {
        all.add(option.name());
      }
    }
    if (all.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("required");
    for (String name : all) {
      json.writeString(name);
    }
    json.writeEndArray();
  }

  private void rules() throws IOException {
    json.writeObjectFieldStart("rules");
    json.writeStringField("type", "array");
    json.writeObjectFieldStart("items");
    json.writeStringField("type", "object");
    json.writeBooleanField("additionalProperties", false);
    json.writeObjectFieldStart("properties");
    for (String part : List.of("state", "regex", "next_state")) {
      reference(part, "text");
    }
    json.writeEndObject();
    json.writeEndObject();
    json.writeEndObject();
  }

  private void option(String name, OptionSpec option) throws IOException {
    json.writeObjectFieldStart(name);
    json.writeStringField("description", option.option().text());
    if (!option.presetText().isEmpty()) {
      json.writeStringField("default", option.presetText());
    }
    if (option.list()) {
      json.writeArrayFieldStart("anyOf");
      json.writeStartObject();
      value(option);
      json.writeEndObject();
      json.writeStartObject();
      json.writeStringField("type", "array");
      json.writeObjectFieldStart("items");
      value(option);
      json.writeEndObject();
      json.writeEndObject();
      json.writeEndArray();
    } else {
      value(option);
    }
    json.writeEndObject();
  }

  private void value(OptionSpec option) throws IOException {
    Class<?> type = option.type().type();
    if (type.isEnum() && !option.list()) {
      json.writeArrayFieldStart("anyOf");
      json.writeStartObject();
      choices(option.type().choices());
      json.writeEndObject();
      json.writeStartObject();
      json.writeStringField("$ref", DEFS + "variable");
      json.writeEndObject();
      json.writeEndArray();
      return;
    }
    json.writeStringField("$ref", DEFS + definition(type));
  }

  private static String definition(Class<?> type) {
    if (type == boolean.class) {
      return "boolean";
    }
    if (type == int.class || type == long.class) {
      return "integer";
    }
    if (type == double.class) {
      return "number";
    }
    return type == Duration.class ? "duration" : type == ByteSize.class ? "size" : "text";
  }

  private void choices(List<String> words) throws IOException {
    json.writeArrayFieldStart("enum");
    for (String word : words) {
      json.writeString(word);
    }
    json.writeEndArray();
  }

  /** The definitions of values: as YAML's own type, as text, or with a variable in it. */
  private void values() throws IOException {
    value("boolean", "boolean", "^(?i:true|on|yes|false|off|no)$");
    value("integer", "integer", "^-?[0-9]+$");
    value("number", "number", "^-?[0-9]+(\\.[0-9]+)?$");
    value("duration", "number", "^[0-9]+(\\.[0-9]+)?(ms|[smhdSMHD])?$|^-1$");
    value("size", "number", "^[0-9]+(\\.[0-9]+)?([kKmMgG]([iI]?[bB])?)?$|^false$");
    json.writeObjectFieldStart("text");
    json.writeArrayFieldStart("type");
    for (String type : List.of("string", "number", "boolean")) {
      json.writeString(type);
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeObjectFieldStart("variable");
    json.writeStringField("type", "string");
    json.writeStringField("pattern", "\\$\\{");
    json.writeEndObject();
  }

  private void value(String name, String type, String pattern) throws IOException {
    json.writeObjectFieldStart(name);
    json.writeArrayFieldStart("anyOf");
    json.writeStartObject();
    json.writeStringField("type", type);
    json.writeEndObject();
    json.writeStartObject();
    json.writeStringField("type", "string");
    json.writeStringField("pattern", pattern);
    json.writeEndObject();
    json.writeStartObject();
    json.writeStringField("$ref", DEFS + "variable");
    json.writeEndObject();
    if (name.equals("size")) {
      json.writeStartObject();
      json.writeBooleanField("const", false);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
