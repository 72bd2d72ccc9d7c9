package io.logboom.app.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code logboom ledger}: asks a running agent for its books, and prints them. */
@Command(
    name = "ledger",
    description = {
      "Shows what became of each record that the running agent has read: by source, or by output.",
      "The last line says whether it adds up. Exits with 0, or with 1 where it does not."
    },
    mixinStandardHelpOptions = true)
final class LedgerCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:2020",
      description = "Where the agent listens; ${DEFAULT-VALUE} if it is not given.")
  private String url = "http://127.0.0.1:2020";

  @Option(names = "--json", description = "Prints the agent's answer as it is.")
  private boolean json;

  @Option(
      names = "--by",
      paramLabel = "source|output",
      defaultValue = "source",
      description = "What a line stands for; ${DEFAULT-VALUE} if it is not given.")
  private By by = By.source;

  /** What a line stands for; the names are the words of the command line. */
  enum By {
    source,
    output
  }

  LedgerCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    AgentAnswer answer;
    Books books;
    try {
      answer = AgentAnswer.get(url, "/api/v1/ledger");
      books = Books.of(answer.object());
    } catch (IOException e) {
      console.err().println("logboom: " + e.getMessage());
      return ExitCode.FAILED;
    }
    if (json) {
      console.out().println(answer.text());
    } else {
      lines(books).forEach(console.out()::println);
    }
    return books.addsUp() ? ExitCode.OK : ExitCode.FAILED;
  }

  private List<String> lines(Books books) {
    return by == By.output ? books.byOutput() : books.bySource();
  }
}
