package io.logboom.core.multiline;

import io.logboom.api.text.Multiline.Machine;
import io.logboom.api.text.Regex;

/**
 * Runs a {@link RuleTable}. In a state its rules are tried in their order; where none matches, the
 * rules of the start state, with which a record starts.
 */
final class RuleMachine implements Machine {
  private final RuleTable table;
  private final Regex.Matcher[] matchers;

  RuleMachine(RuleTable table) {
    this.table = table;
    this.matchers = new Regex.Matcher[table.rules()];
    for (int i = 0; i < matchers.length; i++) {
      matchers[i] = table.rule(i).regex().matcher();
    }
  }

  @Override
  public int next(int state, byte[] line, int from, int to) {
    if (state != RuleTable.START_STATE) {
      int rule = match(table.rulesOf(state), line, from, to);
      if (rule >= 0) {
        return table.next(rule);
      }
    }
    int rule = match(table.rulesOf(RuleTable.START_STATE), line, from, to);
    return rule < 0 ? REFUSED : table.next(rule) | START;
  }

  private int match(int[] rules, byte[] line, int from, int to) {
    for (int rule : rules) {
      if (table.rule(rule).words().anyIn(line, from, to) && matchers[rule].search(line, from, to)) {
        return rule;
      }
    }
    return -1;
  }
}
