package io.logboom.core.assembly;

import io.logboom.core.config.FilterStage;
import io.logboom.core.config.InputStage;
import io.logboom.core.config.OutputStage;
import io.logboom.core.config.Stage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a new configuration makes of the instances of one kind. An instance is known by its place:
 * one that goes on keeps the name that it has, also where the file has another word for its type.
 *
 * @param steps what each stage of the new configuration comes to, in its order
 * @param removed those that it does not have any more
 * @param <S> the kind of stage
 * @param <W> what the pipeline has of that kind
 */
record Difference<S extends Stage<?>, W>(List<Step<S, W>> steps, List<Made<S, W>> removed) {
  /** What becomes of one stage of the new configuration. */
  sealed interface Step<S extends Stage<?>, W> {
    Placed<S> placed();
  }

  /** It is at work as it should be. */
  record Kept<S extends Stage<?>, W>(Made<S, W> made) implements Step<S, W> {
    @Override
    public Placed<S> placed() {
      return made.placed();
    }
  }

  /** Another object takes the place of the one that is at work. */
  record Changed<S extends Stage<?>, W>(Made<S, W> before, Placed<S> placed)
      implements Step<S, W> {}

  /** There is none yet. */
  record Added<S extends Stage<?>, W>(Placed<S> placed) implements Step<S, W> {}

  Difference {
    steps = List.copyOf(steps);
    removed = List.copyOf(removed);
  }

  /**
   * @param renewed which instances get another object also where their options are the same
   */
  static <S extends Stage<?>, W> Difference<S, W> of(
      List<Made<S, W>> running, List<S> wanted, Predicate<S> renewed) {
    Map<String, Made<S, W>> byPlace = new LinkedHashMap<>();
    Set<String> names = new HashSet<>();
    for (Made<S, W> made : running) {
      byPlace.put(made.placed().directory(), made);
      names.add(made.placed().name());
    }
    List<Step<S, W>> steps = new ArrayList<>();
    for (Placed<S> placed : Placed.all(wanted)) {
      Made<S, W> before = byPlace.remove(placed.directory());
      if (before == null) {
        steps.add(new Added<>(placed.namedApart(names)));
      } else if (same(before.placed().stage(), placed.stage()) && !renewed.test(placed.stage())) {
        steps.add(new Kept<>(before));
      } else {
        steps.add(new Changed<>(before, placed.named(before.placed().name())));
      }
    }
    return new Difference<>(steps, List.copyOf(byPlace.values()));
  }

  private static boolean same(Stage<?> a, Stage<?> b) {
    return a.plugin().getClass() == b.plugin().getClass()
        && a.config().equals(b.config())
        && common(a).equals(common(b));
  }

  private static Record common(Stage<?> stage) {
    return switch (stage) {
      case InputStage input -> input.common();
      case FilterStage filter -> filter.common();
      case OutputStage output -> output.common();
    };
  }

  List<Changed<S, W>> changed() {
    List<Changed<S, W>> changed = new ArrayList<>();
    for (Step<S, W> step : steps) {
      if (step instanceof Changed<S, W> one) {
        changed.add(one);
      }
    }
    return changed;
  }

  List<Added<S, W>> added() {
    List<Added<S, W>> added = new ArrayList<>();
    for (Step<S, W> step : steps) {
      if (step instanceof Added<S, W> one) {
        added.add(one);
      }
    }
    return added;
  }

  /** Those whose object is not used any more. */
  List<Made<S, W>> old() {
    List<Made<S, W>> old = new ArrayList<>(removed);
    changed().forEach(changed -> old.add(changed.before()));
    return old;
  }

  /**
   * Those of which there was none.
   *
   * @param made one for each of the steps
   */
  List<Made<S, W>> addedOf(List<Made<S, W>> made) {
    return select(made, step -> step instanceof Added<S, W>);
  }

  /**
   * Those whose object is new.
   *
   * @param made one for each of the steps
   */
  List<Made<S, W>> newOf(List<Made<S, W>> made) {
    return select(made, step -> !(step instanceof Kept<S, W>));
  }

  private List<Made<S, W>> select(List<Made<S, W>> made, Predicate<Step<S, W>> which) {
    List<Made<S, W>> selected = new ArrayList<>();
    for (int i = 0; i < made.size(); i++) {
      if (which.test(steps.get(i))) {
        selected.add(made.get(i));
      }
    }
    return selected;
  }

  /** Whether those that go on do so in another order. */
  boolean isReordered(List<Made<S, W>> running) {
    List<String> before = new ArrayList<>(running.stream().map(Difference::place).toList());
    List<String> after = new ArrayList<>(steps.stream().map(s -> s.placed().directory()).toList());
    before.retainAll(after);
    after.retainAll(before);
    return !before.equals(after);
  }

  private static String place(Made<?, ?> made) {
    return made.placed().directory();
  }

  /** Adds a clause for each change to {@code into}, such as {@code "output es.1 added"}. */
  void tell(String kind, List<String> into) {
    added().forEach(each -> into.add(kind + " " + each.placed().name() + " added"));
    changed().forEach(each -> into.add(kind + " " + each.placed().name() + " changed"));
    removed.forEach(each -> into.add(kind + " " + each.placed().name() + " removed"));
  }
}
