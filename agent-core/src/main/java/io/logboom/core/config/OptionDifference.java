package io.logboom.core.config;

import io.logboom.api.config.Option;
import io.logboom.api.config.Options;
import java.lang.reflect.RecordComponent;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compares two records of options. */
public final class OptionDifference {
  private OptionDifference() {}

  /** The full names of the options that have other values. */
  public static <C extends Record> Set<String> of(C before, C after) {
    Set<String> names = new TreeSet<>();
    compare(before, after, "", names);
    return names;
  }

  private static void compare(Record before, Record after, String prefix, Set<String> into) {
    for (RecordComponent component : before.getClass().getRecordComponents()) {
      Object old = value(component, before);
      Object now = value(component, after);
      Options group = component.getAnnotation(Options.class);
      if (group != null && old instanceof Record oldGroup && now instanceof Record newGroup) {
        compare(oldGroup, newGroup, prefix + group.prefix(), into);
      } else if (!Objects.equals(old, now)) {
        Option option = component.getAnnotation(Option.class);
        boolean named = option != null && !option.name().isEmpty();
        into.add(prefix + (named ? option.name() : RecordSpec.snake(component.getName())));
      }
    }
  }

  private static @Nullable Object value(RecordComponent component, Record of) {
    try {
      return component.getAccessor().invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component + " cannot be read", e);
    }
  }
}
