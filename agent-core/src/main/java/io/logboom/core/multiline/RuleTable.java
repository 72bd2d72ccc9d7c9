package io.logboom.core.multiline;

import io.logboom.api.text.Regex;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rules of a multiline parser, with their states numbered. A rule that leads to the start state
 * completes a record.
 */
final class RuleTable {
  /** The number of the start state. */
  static final int START_STATE = 0;

  private static final String START = "start_state";
  private static final int MOST_STATES = 1 << 10;

  /**
   * A rule.
   *
   * @param from the states in which it is tried
   * @param words without one of these in a line the rule cannot match
   * @param to the state after a match
   */
  record Rule(Set<String> from, Regex regex, Words words, String to) {}

  private final List<Rule> rules;
  private final int[][] byState;
  private final int[] next;

  private RuleTable(List<Rule> rules, int[][] byState, int[] next) {
    this.rules = rules;
    this.byState = byState;
    this.next = next;
  }

  /**
   * Numbers the states.
   *
   * @throws IllegalArgumentException where the first rule has not the start state, or a rule leads
   *     to a state that has none
   */
  static RuleTable of(List<Rule> rules) {
    if (rules.isEmpty() || !rules.getFirst().from().contains(START)) {
      throw new IllegalArgumentException("the first rule must have the state " + START);
    }
    Map<String, Integer> numbers = new HashMap<>();
    numbers.put(START, START_STATE);
    for (Rule rule : rules) {
      for (String state : rule.from()) {
        numbers.putIfAbsent(state, numbers.size());
      }
    }
    if (numbers.size() > MOST_STATES) {
      throw new IllegalArgumentException("more than " + MOST_STATES + " states");
    }
    int[] next = new int[rules.size()];
    List<List<Integer>> byState = new ArrayList<>();
    numbers.forEach((_, _) -> byState.add(new ArrayList<>()));
    for (int i = 0; i < next.length; i++) {
      Rule rule = rules.get(i);
      Integer to = numbers.get(rule.to());
      if (to == null) {
        throw new IllegalArgumentException("no rule has the state '" + rule.to() + "'");
      }
      next[i] = to;
      for (String state : rule.from()) {
        byState.get(numbers.getOrDefault(state, START_STATE)).add(i);
      }
    }
    int[][] table =
        byState.stream()
            .map(l -> l.stream().mapToInt(Integer::intValue).toArray())
            .toArray(int[][]::new);
    return new RuleTable(List.copyOf(rules), table, next);
  }

  int rules() {
    return rules.size();
  }

  Rule rule(int index) {
    return rules.get(index);
  }

  /** The rules that are tried in a state, in their order. */
  int[] rulesOf(int state) {
    return byState[state];
  }

  /** The state after a rule has matched. */
  int next(int rule) {
    return next[rule];
  }
}
