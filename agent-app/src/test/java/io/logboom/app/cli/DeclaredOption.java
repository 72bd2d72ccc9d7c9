package io.logboom.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.config.ByteSize;
import io.logboom.api.config.Option;
import io.logboom.api.config.Options;
import io.logboom.api.config.Secret;
import io.logboom.api.config.Upstream;
import io.logboom.api.plugin.Plugin;
import io.logboom.api.record.Accessor;
import io.logboom.api.record.Template;
import io.logboom.output.http.HttpConfig;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An option, as its annotation declares it. Found without the engine's help, to test the engine.
 *
 * @param prefix of its groups
 * @param path the components that lead to it, its own at the end
 * @param preset its own, or the one that a group puts on it
 */
record DeclaredOption(String prefix, List<RecordComponent> path, Option option, String preset) {
  private static final Path UPSTREAM = Path.of("src/test/resources/upstream.conf").toAbsolutePath();

  RecordComponent component() {
    return path.getLast();
  }

  String name() {
    String snake = component().getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    return prefix + (option.name().isEmpty() ? snake : option.name());
  }

  /** All names that it answers to. */
  List<String> words() {
    List<String> words = new ArrayList<>(List.of(name()));
    Arrays.stream(option.aliases()).map(alias -> prefix + alias).forEach(words::add);
    return words;
  }

  /** A list of its value in a plugin's configuration, empty for null. */
  List<Object> in(Record config) {
    Object value = config;
    try {
      for (RecordComponent each : path) {
        each.getAccessor().setAccessible(true);
        value = each.getAccessor().invoke(value);
      }
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(name() + " cannot be read", e);
    }
    return value == null ? List.of() : List.of(value);
  }

  static List<DeclaredOption> of(Plugin<?, ?> plugin) {
    List<DeclaredOption> all = new ArrayList<>();
    collect(plugin.config(), "", List.of(), Map.of(), all);
    return all;
  }

  private static void collect(
      Class<?> type,
      String prefix,
      List<RecordComponent> path,
      Map<String, String> presets,
      List<DeclaredOption> into) {
    for (RecordComponent component : type.getRecordComponents()) {
      List<RecordComponent> here = new ArrayList<>(path);
      here.add(component);
      Option option = component.getAnnotation(Option.class);
      if (option != null) {
        DeclaredOption own = new DeclaredOption(prefix, here, option, option.preset());
        String preset = presets.getOrDefault(own.name(), option.preset());
        into.add(new DeclaredOption(prefix, here, option, preset));
      } else {
        Options group = component.getAnnotation(Options.class);
        assertThat(group).as("annotation of %s", component).isNotNull();
        Map<String, String> inside = new HashMap<>();
        for (String each : group.presets()) {
          inside.put(each.split("=", 2)[0], each.split("=", 2)[1]);
        }
        inside.putAll(presets);
        collect(component.getType(), prefix + group.prefix(), here, inside, into);
      }
    }
  }

  /** A value that is right and is not the default. */
  String other() {
    Class<?> type = component().getType();
    if (type == List.class && component().getGenericType() instanceof ParameterizedType generic) {
      type = (Class<?>) generic.getActualTypeArguments()[0];
    }
    String max = option.max();
    String usual = preset.toLowerCase(Locale.ROOT);
    if (type == boolean.class) {
      return List.of("true", "on", "yes").contains(usual) ? "off" : "on";
    }
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .map(each -> each.toString().toLowerCase(Locale.ROOT))
          .filter(word -> !word.equals(usual))
          .findFirst()
          .orElseThrow();
    }
    if (type == int.class || type == Duration.class || type == ByteSize.class) {
      return max.isEmpty() ? "7777" : max;
    }
    if (type == Accessor.class) {
      return "$other['key']";
    }
    if (type == Upstream.class) {
      return UPSTREAM.toString();
    }
    if (type == HttpConfig.Statuses.class) {
      return "451";
    }
    assertThat(type)
        .as("type of %s", name())
        .isIn(String.class, Path.class, Secret.class, Template.class);
    return "/other";
  }
}
