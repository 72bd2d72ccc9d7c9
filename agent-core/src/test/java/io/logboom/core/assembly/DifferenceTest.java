package io.logboom.core.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.core.assembly.Difference.Added;
import io.logboom.core.assembly.Difference.Changed;
import io.logboom.core.assembly.Difference.Kept;
import io.logboom.core.config.FilterStage;
import io.logboom.core.config.OutputStage;
import io.logboom.core.meter.InstanceMeters;
import io.logboom.core.meter.MicrometerMeters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DifferenceTest {
  private final Collect collect = new Collect();
  private final Remember remember = new Remember();

  private Wanted wanted() {
    return new Wanted(Path.of("state"));
  }

  private static List<Made<OutputStage, String>> running(List<OutputStage> stages) {
    List<Made<OutputStage, String>> made = new ArrayList<>();
    for (Placed<OutputStage> placed : Placed.all(stages)) {
      made.add(new Made<>(placed, "object of " + placed.name(), meters()));
    }
    return made;
  }

  private static InstanceMeters meters() {
    return new InstanceMeters(new MicrometerMeters(new SimpleMeterRegistry()));
  }

  private static Difference<OutputStage, String> difference(Wanted before, Wanted after) {
    return Difference.of(running(before.config().outputs()), after.config().outputs(), _ -> false);
  }

  @Test
  void whatIsTheSameIsKept() {
    Wanted before = wanted().output("collect.0", collect, "*", "into", "a");
    Wanted after = wanted().output("collect.0", collect, "*", "into", "a");
    Difference<OutputStage, String> difference = difference(before, after);
    assertThat(difference.steps())
        .singleElement()
        .isInstanceOfSatisfying(
            Kept.class, kept -> assertThat(kept.made().work()).isEqualTo("object of collect.0"));
    assertThat(difference.removed()).isEmpty();
    assertThat(difference.old()).isEmpty();
  }

  @Test
  void anOwnOptionACommonOptionAndThePluginMakeAChange() {
    Wanted before = wanted().output("one", collect, "*", "into", "a");
    assertThat(difference(before, wanted().output("one", collect, "*", "into", "b")).changed())
        .hasSize(1);
    assertThat(difference(before, wanted().output("one", collect, "x", "into", "a")).changed())
        .hasSize(1);
    assertThat(difference(before, wanted().output("one", new Faulty.Out(), "*")).changed())
        .hasSize(1);
  }

  @Test
  void whatIsNoLongerThereIsRemovedAndWhatIsNewIsAdded() {
    Wanted before = wanted().output("one", collect, "*").output("two", collect, "*");
    Wanted after = wanted().output("two", collect, "*").output("three", collect, "*");
    Difference<OutputStage, String> difference = difference(before, after);
    assertThat(difference.removed()).extracting(m -> m.placed().name()).containsExactly("one");
    assertThat(difference.added()).extracting(a -> a.placed().name()).containsExactly("three");
    List<String> told = new ArrayList<>();
    difference.tell("output", told);
    assertThat(told).containsExactly("output three added", "output one removed");
  }

  @Test
  void anInstanceIsKnownByItsPlaceWhereAnotherIsPutBeforeIt() {
    Wanted before = wanted().output("collect.0", collect, "*");
    Wanted after =
        wanted().output("faulty.0", new Faulty.Out(), "*").output("collect.0", collect, "*");
    Difference<OutputStage, String> difference = difference(before, after);
    assertThat(difference.steps().getFirst()).isInstanceOf(Added.class);
    assertThat(difference.steps().getLast()).isInstanceOf(Kept.class);
    assertThat(difference.steps().getLast().placed().name()).isEqualTo("collect.0");
  }

  @Test
  void aPlaceHasTheNumberOfTheNameAndAnAliasHasNone() {
    List<OutputStage> stages =
        wanted().output("mine", collect, "*").output("collect.1", collect, "*").config().outputs();
    assertThat(Placed.all(stages))
        .extracting(Placed::directory)
        .containsExactly("outputs/mine", "outputs/collect.1");
    assertThat(Placed.all(stages).getFirst().names()).containsExactly("mine");
    assertThat(Placed.all(stages).getLast().names()).containsExactly("collect.1");
  }

  @Test
  void stateDirectoriesAreApartAlsoWhereAnAliasLooksLikeAGeneratedName() {
    List<OutputStage> stages =
        wanted()
            .output("collect.0", new Faulty.Out(), "*")
            .output("collect.1", collect, "*")
            .config()
            .outputs();
    assertThat(Placed.all(stages))
        .extracting(Placed::directory)
        .containsExactly("outputs/collect.0", "outputs/collect.1");
  }

  @Test
  void renewsThoseThatMayNameAParserWhereParsersChange() {
    Wanted before = wanted().filter("f", remember, "*").output("o", collect, "*");
    Wanted after =
        wanted().filter("f", remember, "*").output("o", collect, "*").parser("p", "json");
    Renewal renewal = Renewal.between(blueprint(before), after.config());
    assertThat(after.config().filters()).allMatch(renewal::renews);
    assertThat(after.config().outputs()).noneMatch(renewal::renews);
  }

  @Test
  void renewsWhatWasToldTheFlushAndOutputsWhereTheRetriesChange() {
    Wanted before = wanted().filter("f", remember, "*").output("o", collect, "*");
    Wanted flush = wanted().filter("f", remember, "*").service("flush", "3");
    Renewal all = Renewal.between(blueprint(before), flush.config());
    assertThat(flush.config().filters()).allMatch(all::renews);
    Wanted retries =
        wanted().filter("f", remember, "*").output("o", collect, "*").service("scheduler.cap", "9");
    Renewal outputs = Renewal.between(blueprint(before), retries.config());
    assertThat(retries.config().filters()).noneMatch(outputs::renews);
    assertThat(retries.config().outputs()).allMatch(outputs::renews);
  }

  @Test
  void seesThatFiltersChangePlaces() {
    Wanted before = wanted().filter("a", remember, "*").filter("b", remember, "*");
    Wanted after = wanted().filter("b", remember, "*").filter("a", remember, "*");
    List<Made<FilterStage, String>> running = new ArrayList<>();
    for (Placed<FilterStage> placed : Placed.all(before.config().filters())) {
      running.add(new Made<>(placed, placed.name(), meters()));
    }
    Difference<FilterStage, String> difference =
        Difference.of(running, after.config().filters(), _ -> false);
    assertThat(difference.steps()).allMatch(step -> !(step instanceof Changed<?, ?>));
    assertThat(difference.isReordered(running)).isTrue();
    assertThat(Difference.of(running, before.config().filters(), _ -> false).isReordered(running))
        .isFalse();
  }

  private static Blueprint blueprint(Wanted wanted) {
    return new Blueprint(wanted.config(), NoParsers.PARSERS, NoParsers.MULTILINES);
  }
}
