package io.logboom.core.config;

import java.util.List;

/**
 * What is in effect in a section.
 *
 * @param title such as {@code service} or {@code input tail.0}
 */
public record EffectiveSection(String title, List<EffectiveOption> options) {
  public EffectiveSection {
    options = List.copyOf(options);
  }
}
