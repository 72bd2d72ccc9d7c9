package io.logboom.core.multiline;

import io.logboom.api.text.Multiline;
import io.logboom.core.config.MultilineDefinition;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A multiline parser of the configuration, or a built-in one. */
record DefinedMultiline(
    String name,
    Duration flushTimeout,
    boolean breaksLines,
    @Nullable String keyContent,
    @Nullable String keyPattern,
    @Nullable String keyGroup,
    @Nullable String parser,
    Supplier<Machine> machines)
    implements Multiline {
  /**
   * How long a built-in one waits: Fluent Bit's wait 4 s, with which the last trace of a burst is
   * late; the frames of one come at once.
   */
  static final Duration BUILT_IN_TIMEOUT = Duration.ofMillis(1200);

  static DefinedMultiline of(MultilineDefinition d) {
    Supplier<Machine> machines;
    if (d.type() == MultilineDefinition.Type.REGEX) {
      List<RuleTable.Rule> rules = new ArrayList<>();
      for (MultilineDefinition.Rule rule : d.rule()) {
        rules.add(new RuleTable.Rule(rule.from(), rule.regex(), Words.NONE, rule.to()));
      }
      RuleTable table = RuleTable.of(rules);
      machines = () -> new RuleMachine(table);
    } else {
      String match = d.matchString();
      if (match == null || match.isEmpty()) {
        throw new IllegalArgumentException("the types endswith and equal need a match_string");
      }
      byte[] wanted = match.getBytes(StandardCharsets.UTF_8);
      boolean whole = d.type() == MultilineDefinition.Type.EQUAL;
      machines = () -> new EndMachine(wanted, whole, d.negate());
    }
    return new DefinedMultiline(
        d.name(),
        d.flushTimeout(),
        d.type() == MultilineDefinition.Type.REGEX || d.keyContent() == null,
        d.keyContent(),
        d.keyPattern(),
        d.keyGroup(),
        d.parser(),
        machines);
  }

  /** A multiline parser for whole lines. */
  static DefinedMultiline of(String name, List<RuleTable.Rule> rules) {
    RuleTable table = RuleTable.of(rules);
    return new DefinedMultiline(
        name, BUILT_IN_TIMEOUT, true, null, null, null, null, () -> new RuleMachine(table));
  }

  @Override
  public Machine machine() {
    return machines.get();
  }
}
