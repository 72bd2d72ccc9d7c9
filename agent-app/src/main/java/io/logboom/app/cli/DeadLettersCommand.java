package io.logboom.app.cli;

import io.logboom.api.batch.Names;
import io.logboom.api.disk.LocalDisk;
import io.logboom.core.deadletter.IdSet;
import io.logboom.core.deadletter.Letter;
import io.logboom.core.deadletter.LetterBox;
import io.logboom.core.deadletter.LetterBox.Answer;
import io.logboom.core.deadletter.Request;
import io.logboom.core.deadletter.Request.Action;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code logboom dead-letters}: what outputs would not take, and what is to become of it. */
@Command(
    name = "dead-letters",
    description = {
      "Shows the records that outputs would never take, has them sent again, or drops them.",
      "Works beside a running agent and without one. Exits with 0; with 1 where it failed or a"
          + " number is not there; with 2 where the command line is wrong."
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class DeadLettersCommand {
  private DeadLettersCommand() {}

  static CommandLine of(Console console, Environment environment) {
    CommandLine line = new CommandLine(new DeadLettersCommand());
    line.addSubcommand(new ListLetters(console, environment));
    line.addSubcommand(new Show(console, environment));
    line.addSubcommand(new Replay(console, environment));
    line.addSubcommand(new Drop(console, environment));
    return line;
  }

  /** What the commands have in common. */
  private abstract static class Base implements Callable<Integer> {
    final Console console;
    private final Environment environment;
    final Names names = new Names();

    @Mixin private LetterPlace place = new LetterPlace();
    @Mixin private LetterChoice choice = new LetterChoice();

    Base(Console console, Environment environment) {
      this.console = console;
      this.environment = environment;
    }

    /** Does the command's work. */
    abstract void run(LetterBox box) throws IOException;

    /** Whether it takes an agent that looks after dead letters. */
    boolean needsAgent() {
      return false;
    }

    /** Whether it must be said which letters are meant. */
    boolean needsChoice() {
      return true;
    }

    @Override
    public Integer call() {
      Path directory;
      try {
        choice.begin(needsChoice());
        directory = place.find(console, environment);
        if (needsAgent() && !place.isKept()) {
          throw new UsageException(
              "storage.keep.rejected is off in this configuration: an agent that has it sends no"
                  + " dead letters again");
        }
      } catch (UsageException e) {
        console.err().println("logboom: " + e.getMessage());
        return ExitCode.REFUSED;
      }
      try {
        run(new LetterBox(directory, new LocalDisk(), names));
      } catch (AccessDeniedException e) {
        console.err().println("logboom: no permission for " + e.getFile());
        return ExitCode.FAILED;
      } catch (IOException e) {
        console.err().println("logboom: " + e.getMessage());
        return ExitCode.FAILED;
      }
      for (IdSet missing : choice.unseen()) {
        console.err().println("logboom: there is no dead letter " + missing);
      }
      return choice.unseen().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    final void each(LetterBox box, Consumer<Letter> take) throws IOException {
      box.read(
          letter -> {
            if (choice.has(letter)) {
              take.accept(letter);
            }
          });
    }

    /** Asks for something to become of the letters chosen; nothing where a number is missing. */
    final void ask(LetterBox box, Action action, String done, String asked) throws IOException {
      IdSet.Builder ids = new IdSet.Builder();
      int[] count = new int[1];
      box.read(
          letter -> {
            if (choice.has(letter)) {
              ids.take(letter.id());
              count[0]++;
            } else {
              ids.skip();
            }
          });
      if (!choice.unseen().isEmpty()) {
        return;
      }
      String letters = count[0] == 1 ? "1 dead letter" : count[0] + " dead letters";
      if (count[0] == 0) {
        console.out().println(letters + ": nothing to do");
        return;
      }
      Answer answer = box.ask(new Request(action, ids.build()));
      console.out().println(letters + (answer == Answer.DONE ? done : asked));
    }
  }

  @Command(
      name = "list",
      description = "Lists dead letters, the oldest first; all if nothing is chosen.",
      mixinStandardHelpOptions = true)
  private static final class ListLetters extends Base {
    @Option(names = "--json", description = "Prints a JSON object for each, on a line.")
    private boolean json;

    ListLetters(Console console, Environment environment) {
      super(console, environment);
    }

    @Override
    boolean needsChoice() {
      return false;
    }

    @Override
    void run(LetterBox box) throws IOException {
      LetterText text = new LetterText(names);
      if (json) {
        each(box, letter -> console.out().println(text.json(letter, false)));
        return;
      }
      // Twice through the files rather than all of them in memory.
      each(box, text::fit);
      console.out().println(text.headings());
      each(box, letter -> console.out().println(text.line(letter)));
    }
  }

  @Command(
      name = "show",
      description = "Shows dead letters with their records.",
      mixinStandardHelpOptions = true)
  private static final class Show extends Base {
    @Option(names = "--json", description = "Prints a JSON object for each, on a line.")
    private boolean json;

    Show(Console console, Environment environment) {
      super(console, environment);
    }

    @Override
    void run(LetterBox box) throws IOException {
      LetterText text = new LetterText(names);
      if (json) {
        each(box, letter -> console.out().println(text.json(letter, true)));
      } else {
        each(box, letter -> text.lines(letter).forEach(console.out()::println));
      }
    }
  }

  @Command(
      name = "replay",
      description = {
        "Has dead letters sent again, each to its output.",
        "One that is refused again becomes another dead letter."
      },
      mixinStandardHelpOptions = true)
  private static final class Replay extends Base {
    Replay(Console console, Environment environment) {
      super(console, environment);
    }

    @Override
    boolean needsAgent() {
      return true;
    }

    @Override
    void run(LetterBox box) throws IOException {
      ask(
          box,
          Action.REPLAY,
          ": no agent with storage.keep.rejected on runs here; sent again when one starts",
          ": the running agent is asked to send again");
    }
  }

  @Command(name = "drop", description = "Deletes dead letters.", mixinStandardHelpOptions = true)
  private static final class Drop extends Base {
    Drop(Console console, Environment environment) {
      super(console, environment);
    }

    @Override
    void run(LetterBox box) throws IOException {
      ask(box, Action.DROP, ": dropped", ": the running agent is asked to drop");
    }
  }
}
