package io.logboom.core.config;

import io.logboom.api.config.Option;
import io.logboom.api.config.Options;
import io.logboom.api.config.Upstream;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the annotations of an options' record say. */
final class RecordSpec<C extends Record> {
  private final Class<C> type;
  private final List<Part> parts;

  /** A component: an option, or a group of options. */
  private sealed interface Part {
    record One(OptionSpec spec) implements Part {}

    record Group(RecordSpec<? extends Record> spec) implements Part {}
  }

  private RecordSpec(Class<C> type, List<Part> parts) {
    this.type = type;
    this.parts = parts;
  }

  /**
   * Reads the annotations.
   *
   * @throws IllegalArgumentException where they contradict themselves: a mistake in the program
   */
  static <C extends Record> RecordSpec<C> of(Class<C> type) {
    return of(type, "", "", Map.of());
  }

  private static <C extends Record> RecordSpec<C> of(
      Class<C> type, String prefix, String group, Map<String, String> presets) {
    List<Part> parts = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      Option option = component.getAnnotation(Option.class);
      Options options = component.getAnnotation(Options.class);
      if (option != null) {
        parts.add(new Part.One(option(component, option, prefix, group, presets)));
      } else if (options != null && component.getType().isRecord()) {
        Class<? extends Record> nested = component.getType().asSubclass(Record.class);
        RecordSpec<? extends Record> spec =
            of(
                nested,
                prefix + options.prefix(),
                options.text(),
                presets(component, options, presets));
        for (String each : options.presets()) {
          String name = each.substring(0, each.indexOf('='));
          if (spec.options().stream().noneMatch(o -> o.name().equals(name))) {
            throw broken(component, "has a preset for '" + name + "', which is not in it");
          }
        }
        parts.add(new Part.Group(spec));
      } else {
        throw broken(component, "has neither @Option nor, being a record, @Options");
      }
    }
    return new RecordSpec<>(type, List.copyOf(parts));
  }

  /** The group's own, and those that are put on it from outside, which win. */
  private static Map<String, String> presets(
      RecordComponent component, Options options, Map<String, String> outer) {
    Map<String, String> all = new HashMap<>();
    for (String each : options.presets()) {
      int equals = each.indexOf('=');
      if (equals < 1) {
        throw broken(component, "has a preset that is not name=value: " + each);
      }
      all.put(each.substring(0, equals), each.substring(equals + 1));
    }
    all.putAll(outer);
    return all;
  }

  private static OptionSpec option(
      RecordComponent component,
      Option option,
      String prefix,
      String group,
      Map<String, String> presets) {
    boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    boolean list = component.getType() == List.class;
    Class<?> element = component.getType();
    if (list
        && component.getGenericType() instanceof ParameterizedType generic
        && generic.getActualTypeArguments()[0] instanceof Class<?> argument) {
      element = argument;
    }
    if (option.repeatable() && !list) {
      throw broken(component, "is repeatable but not a List");
    }
    String name = option.name().isEmpty() ? snake(component.getName()) : option.name();
    List<String> aliases = Arrays.stream(option.aliases()).map(a -> prefix + a).toList();
    OptionSpec spec;
    try {
      spec =
          new OptionSpec(
              prefix + name,
              aliases,
              group,
              option,
              presets.getOrDefault(prefix + name, option.preset()),
              ValueType.of(element),
              list,
              nullable,
              nodes(component));
      if (spec.preset() == null && !nullable && !option.required()) {
        throw broken(component, "is neither @Nullable, required, nor has a preset");
      }
    } catch (BadValueException e) {
      throw broken(component, "has a preset against its own rules: " + e.rule());
    }
    return spec;
  }

  private static @Nullable RecordSpec<?> nodes(RecordComponent component) {
    return component.getType() == Upstream.class
            && component.getGenericType() instanceof ParameterizedType generic
            && generic.getActualTypeArguments()[0] instanceof Class<?> node
        ? of(node.asSubclass(Record.class))
        : null;
  }

  private static IllegalArgumentException broken(RecordComponent component, String why) {
    return new IllegalArgumentException(
        component.getDeclaringRecord().getName() + '.' + component.getName() + ' ' + why);
  }

  /** {@code memBufLimit} as {@code mem_buf_limit}. */
  static String snake(String name) {
    StringBuilder out = new StringBuilder(name.length() + 8);
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (Character.isUpperCase(c) && i > 0) {
        out.append('_');
      }
      out.append(Character.toLowerCase(c));
    }
    return out.toString().toLowerCase(Locale.ROOT);
  }

  Class<C> type() {
    return type;
  }

  /** All options in the order of declaration, groups opened. */
  List<OptionSpec> options() {
    List<OptionSpec> all = new ArrayList<>();
    for (Part part : parts) {
      switch (part) {
        case Part.One one -> all.add(one.spec());
        case Part.Group group -> all.addAll(group.spec().options());
      }
    }
    return all;
  }

  /**
   * A record with these values.
   *
   * @throws IllegalArgumentException where the record's own constructor refuses them
   */
  C make(Function<OptionSpec, @Nullable Object> values) {
    @Nullable Object[] arguments = new Object[parts.size()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] =
          switch (parts.get(i)) {
            case Part.One one -> values.apply(one.spec());
            case Part.Group group -> group.spec().make(values);
          };
    }
    try {
      Class<?>[] types =
          Arrays.stream(type.getRecordComponents())
              .map(RecordComponent::getType)
              .toArray(Class<?>[]::new);
      Constructor<C> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException rule) {
        throw rule;
      }
      throw new IllegalStateException("the constructor of " + type.getName() + " failed", e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type.getName() + " cannot be made", e);
    }
  }
}
