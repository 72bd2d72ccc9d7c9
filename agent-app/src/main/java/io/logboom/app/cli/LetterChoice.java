package io.logboom.app.cli;

import io.logboom.core.deadletter.IdSet;
import io.logboom.core.deadletter.Letter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which dead letters a command is about. What is given must hold all together. */
final class LetterChoice {
  @Option(
      names = "--id",
      paramLabel = "ID",
      arity = "1..*",
      split = ",",
      description = "Those with these numbers; 3-7 is a range.")
  private List<String> ids = new ArrayList<>();

  @Option(names = "--output", paramLabel = "NAME", description = "Those of this output.")
  private @Nullable String output;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Those with this text in their reason.")
  private @Nullable String reason;

  @Option(names = "--all", description = "All of them.")
  private boolean all;

  private final List<IdSet> sets = new ArrayList<>();
  private final Set<IdSet> unseen = new LinkedHashSet<>();

  /**
   * Makes ready to choose.
   *
   * @param needed whether it must be said which ones
   */
  void begin(boolean needed) throws UsageException {
    boolean said = !ids.isEmpty() || output != null || reason != null;
    if (all && said) {
      throw new UsageException("--all and a choice are given; give one");
    }
    if (needed && !all && !said) {
      throw new UsageException("say which ones: --id, --output, --reason, or --all");
    }
    for (String id : ids) {
      try {
        sets.add(IdSet.parse(id));
      } catch (IllegalArgumentException e) {
        throw new UsageException("--id: " + e.getMessage());
      }
    }
    unseen.addAll(sets);
  }

  boolean has(Letter letter) {
    boolean wanted = sets.isEmpty();
    for (IdSet set : sets) {
      if (set.contains(letter.id())) {
        wanted = true;
        unseen.remove(set);
      }
    }
    return wanted
        && (output == null || output.equals(letter.output()))
        && (reason == null || letter.reason().contains(reason));
  }

  /** The numbers that were asked for and that no letter had so far. */
  Set<IdSet> unseen() {
    return unseen;
  }
}
