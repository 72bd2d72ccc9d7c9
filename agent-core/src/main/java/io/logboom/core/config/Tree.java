package io.logboom.core.config;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What has been read from all files: the sections of each kind, in order, and the variables. */
final class Tree {
  private final Map<SectionKind, List<Section>> sections = new EnumMap<>(SectionKind.class);
  private final Variables variables;

  Tree(Variables variables) {
    this.variables = variables;
  }

  void add(SectionKind kind, Section section) {
    sections.computeIfAbsent(kind, _ -> new ArrayList<>()).add(section);
  }

  /** Adds a section whose end has not been read: its place is before what it includes. */
  int open(SectionKind kind, Mark start) {
    add(kind, new Section(start, List.of()));
    return of(kind).size() - 1;
  }

  /** Completes the section that {@link #open} gave this number. */
  void complete(SectionKind kind, int number, Section section) {
    Objects.requireNonNull(sections.get(kind)).set(number, section);
  }

  List<Section> of(SectionKind kind) {
    return sections.getOrDefault(kind, List.of());
  }

  Variables variables() {
    return variables;
  }
}
