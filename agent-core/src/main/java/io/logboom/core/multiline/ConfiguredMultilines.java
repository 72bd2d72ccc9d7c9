package io.logboom.core.multiline;

import io.logboom.api.plugin.Multilines;
import io.logboom.api.text.Multiline;
import io.logboom.core.config.MultilineDefinition;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The multiline parsers of a configuration, and the built-in ones, which it can replace. {@code
 * docker} and {@code cri} are not among them: joining what a container runtime split is the input's
 * work.
 */
public final class ConfiguredMultilines implements Multilines {
  private static final Set<String> BUILT_IN =
      Set.of("cri", "docker", "go", "java", "python", "ruby");

  private final Map<String, Multiline> byName = new LinkedHashMap<>();

  /**
   * @throws IllegalArgumentException where a definition contradicts itself, which loading the
   *     configuration refuses with its place
   */
  public ConfiguredMultilines(List<MultilineDefinition> definitions) {
    for (Multiline builtIn : BuiltInMultilines.all()) {
      byName.put(builtIn.name(), builtIn);
    }
    for (MultilineDefinition definition : definitions) {
      byName.put(definition.name(), DefinedMultiline.of(definition));
    }
  }

  /** The names of the built-in ones, those among them that are the input's. */
  public static Set<String> builtIn() {
    return BUILT_IN;
  }

  @Override
  public @Nullable Multiline find(String name) {
    return byName.get(name);
  }

  @Override
  public Collection<String> names() {
    return Collections.unmodifiableCollection(byName.keySet());
  }
}
