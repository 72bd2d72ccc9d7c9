package io.logboom.core.config;

import io.logboom.api.config.ByteSize;
import io.logboom.api.config.Option.Unit;
import io.logboom.api.config.Secret;
import io.logboom.api.config.Upstream;
import io.logboom.api.text.Regex;
import io.logboom.api.text.RegexSyntaxException;
import io.logboom.core.regex.JoniRegex;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * The syntax of one kind of value.
 *
 * @param word what the reference documentation calls it
 * @param choices all values, where they can be listed; else empty
 * @param reader gives the object, or throws a {@link BadValueException}
 */
record ValueType(
    Class<?> type, String word, List<String> choices, BiFunction<String, Unit, Object> reader) {
  private static final Map<Class<?>, ValueType> KNOWN =
      Map.ofEntries(
          plain(boolean.class, "boolean", List.of("true", "false"), ValueType::bool),
          plain(
              int.class,
              "integer",
              List.of(),
              t -> (int) whole(t, Integer.MIN_VALUE, Integer.MAX_VALUE)),
          plain(long.class, "integer", List.of(), t -> whole(t, Long.MIN_VALUE, Long.MAX_VALUE)),
          plain(double.class, "number", List.of(), ValueType::number),
          plain(String.class, "text", List.of(), t -> t),
          plain(Secret.class, "secret", List.of(), Secret::new),
          plain(Path.class, "path", List.of(), ValueType::path),
          plain(Upstream.class, "path", List.of(), ValueType::path),
          plain(Regex.class, "regular expression", List.of(), ValueType::regex),
          plain(ZoneOffset.class, "zone offset", List.of(), ValueType::offset),
          plain(ZoneId.class, "zone", List.of(), ValueType::zone),
          Map.entry(
              Duration.class,
              new ValueType(Duration.class, "duration", List.of(), Quantities::duration)),
          Map.entry(
              ByteSize.class, new ValueType(ByteSize.class, "size", List.of(), Quantities::size)));

  /**
   * The syntax for a component's type.
   *
   * @throws IllegalArgumentException where there is none
   */
  static ValueType of(Class<?> type) {
    ValueType known = KNOWN.get(type);
    if (known != null) {
      return known;
    }
    Method parse = parseMethod(type);
    if (parse != null) {
      return new ValueType(type, "text", choices(type), (t, unit) -> parse(parse, t));
    }
    if (type.isEnum()) {
      List<String> words = choices(type);
      return new ValueType(type, "one of", words, (t, unit) -> constant(type, words, t));
    }
    throw new IllegalArgumentException("no syntax for values of " + type.getName());
  }

  /** Whether its values must not be shown. */
  boolean secret() {
    return type == Secret.class;
  }

  private static Map.Entry<Class<?>, ValueType> plain(
      Class<?> type,
      String word,
      List<String> choices,
      java.util.function.Function<String, Object> reader) {
    return Map.entry(type, new ValueType(type, word, choices, (t, unit) -> reader.apply(t)));
  }

  private static Object bool(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "on", "yes" -> true;
      case "false", "off", "no" -> false;
      case "1", "enabled", "enable" -> throw notBoolean("on");
      case "0", "disabled", "disable" -> throw notBoolean("off");
      default ->
          throw new BadValueException(
              "not a boolean",
              Nearest.hint(
                  text,
                  List.of("true", "false", "on", "off", "yes", "no"),
                  "true, on or yes; false, off or no"));
    };
  }

  private static BadValueException notBoolean(String instead) {
    return new BadValueException("not a boolean; Fluent Bit would not take it as one", instead);
  }

  private static long whole(String text, long least, long most) {
    try {
      long value = Long.parseLong(text);
      if (value < least || value > most) {
        throw new BadValueException("out of range", "from " + least + " to " + most);
      }
      return value;
    } catch (NumberFormatException e) {
      boolean digits = text.matches("-?[0-9]{19,}");
      throw new BadValueException(
          digits ? "out of range" : "not a whole number", digits ? "" : "digits only");
    }
  }

  private static Object number(String text) {
    if (!text.matches("-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]{1,3})?")) {
      throw new BadValueException("not a number", "digits, with a point before the fraction");
    }
    return Double.parseDouble(text);
  }

  private static Object path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new BadValueException("not a path: " + e.getReason(), "");
    }
  }

  private static Object regex(String text) {
    try {
      return JoniRegex.compile(text);
    } catch (StackOverflowError e) {
      // The library reads groups by recursion and sets no bound to it.
      throw new BadValueException("a regular expression that is nested too deep", "fewer groups");
    } catch (RegexSyntaxException e) {
      throw new BadValueException(
          "not a regular expression: " + e.getMessage(), "the syntax is Ruby's (Onigmo)");
    }
  }

  private static Object offset(String text) {
    try {
      return ZoneOffset.of(text);
    } catch (DateTimeException e) {
      throw new BadValueException("not an offset from UTC", "such as +0100");
    }
  }

  private static Object zone(String text) {
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      throw new BadValueException(
          "not a zone", Nearest.hint(text, ZoneId.getAvailableZoneIds(), "such as Europe/Oslo"));
    }
  }

  private static List<String> choices(Class<?> type) {
    List<String> words = new ArrayList<>();
    Object[] constants = type.getEnumConstants();
    if (constants != null) {
      for (Object each : constants) {
        words.add(each.toString().toLowerCase(Locale.ROOT));
      }
    }
    return List.copyOf(words);
  }

  /** For a word that is none of those known. */
  static BadValueException unknown(String text, List<String> words) {
    String nearest = Nearest.of(text, words);
    return new BadValueException(
        "not a value of this option",
        (nearest == null ? "" : "did you mean '" + nearest + "'? ")
            + "known are "
            + String.join(", ", words));
  }

  private static Object constant(Class<?> type, List<String> words, String text) {
    int i = words.indexOf(text.toLowerCase(Locale.ROOT));
    if (i < 0) {
      throw unknown(text, words);
    }
    return type.getEnumConstants()[i];
  }

  private static @org.jspecify.annotations.Nullable Method parseMethod(Class<?> type) {
    try {
      Method parse = type.getDeclaredMethod("parse", String.class);
      boolean usable = Modifier.isStatic(parse.getModifiers()) && parse.getReturnType() == type;
      if (usable) {
        parse.setAccessible(true);
      }
      return usable ? parse : null;
    } catch (NoSuchMethodException e) {
      return null;
    }
  }

  private static Object parse(Method parse, String text) {
    try {
      return parse.invoke(null, text);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof BadValueException bad) {
        throw bad;
      }
      if (e.getCause() instanceof IllegalArgumentException rule) {
        throw new BadValueException(String.valueOf(rule.getMessage()), "");
      }
      throw new IllegalStateException(parse + " failed", e);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(parse + " is not accessible", e);
    }
  }
}
