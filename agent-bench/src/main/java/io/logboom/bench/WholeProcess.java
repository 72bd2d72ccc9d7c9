package io.logboom.bench;

import io.logboom.testkit.http.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import javax.net.ServerSocketFactory;

/**
 * Measures whole agents on a node's backlog: files of container logs, a Kubernetes API, a sink in a
 * backend's shape. Agents take turns on the same files, so that what disturbs one disturbs the
 * others; the middle of all rounds counts. README.md has the options.
 */
public final class WholeProcess {
  private static final String OURS = "logboom";

  private int lines = 2_000_000;
  private int containers = 10;
  private int rounds = 3;
  private Duration patience = Duration.ofMinutes(10);
  private boolean keep;
  private boolean tls;
  private Backend backend = Backend.of("es");
  private final Map<String, String> agents = new LinkedHashMap<>();

  private WholeProcess() {
    agents.put(OURS, "agent-app/target/logboom/bin/logboom -c {config} -b {dir}/state");
  }

  /** Runs the benchmark; ends with 0 where every run delivered the whole backlog, else 1 or 2. */
  @AllowForbidden("a program of its own, which prints and has an exit status")
  public static void main(String[] args) throws IOException, InterruptedException {
    WholeProcess benchmark = new WholeProcess();
    try {
      benchmark.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    }
    System.exit(benchmark.run() ? 0 : 1);
  }

  private void parse(String[] args) {
    for (int i = 0; i < args.length; i++) {
      String option = args[i];
      if (option.equals("--keep")) {
        keep = true;
        continue;
      }
      if (option.equals("--tls")) {
        tls = true;
        continue;
      }
      if (i + 1 == args.length) {
        throw new IllegalArgumentException(option + " needs a value, or is not known");
      }
      String value = args[++i];
      switch (option) {
        case "--lines" -> lines = number(option, value);
        case "--containers" -> containers = number(option, value);
        case "--rounds" -> rounds = number(option, value);
        case "--timeout" -> patience = Duration.ofSeconds(number(option, value));
        case "--output" -> backend = Backend.of(value);
        case "--agent" -> agents.put(OURS, value);
        case "--other" -> {
          int equals = value.indexOf('=');
          if (equals < 1) {
            throw new IllegalArgumentException("--other takes NAME=COMMAND, not " + value);
          }
          agents.put(value.substring(0, equals), value.substring(equals + 1));
        }
        default -> throw new IllegalArgumentException(option + " is not known; see README.md");
      }
    }
    if (lines < containers) {
      throw new IllegalArgumentException("--lines must be at least --containers");
    }
  }

  static int number(String option, String value) {
    try {
      int number = Integer.parseInt(value);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException(option + " takes a whole number above 0, not " + value);
  }

  @AllowForbidden("prints its results")
  private boolean run() throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("logboom-bench");
    try {
      Backlog backlog = Backlog.write(directory.resolve("log"), lines, containers);
      System.out.printf(
          Locale.ROOT,
          "%d records, %.0f MB, %d containers%n",
          backlog.records(),
          backlog.bytes() / 1e6,
          containers);
      Map<String, List<AgentRun.Result>> results = measure(backlog, directory);
      boolean complete = true;
      for (Map.Entry<String, List<AgentRun.Result>> one : results.entrySet()) {
        complete &= one.getValue().stream().allMatch(r -> r.problem().isEmpty());
        System.out.println("median " + text(one.getKey(), median(one.getValue()), backlog));
      }
      return complete;
    } finally {
      if (!keep) {
        Backlog.delete(directory);
      }
    }
  }

  @AllowForbidden("prints its results")
  private Map<String, List<AgentRun.Result>> measure(Backlog backlog, Path directory)
      throws IOException, InterruptedException {
    Map<String, List<AgentRun.Result>> results = new LinkedHashMap<>();
    try (CountingSink sink = new CountingSink(backend, sockets(directory));
        KubernetesStandIn kubernetes = new KubernetesStandIn(backlog.pods())) {
      for (int round = 1; round <= rounds; round++) {
        for (Map.Entry<String, String> agent : agents.entrySet()) {
          Path own = directory.resolve(agent.getKey() + "-" + round);
          Files.createDirectories(own.resolve("state"));
          Path config = own.resolve("agent.conf");
          Files.writeString(own.resolve("token"), "bench");
          Files.writeString(config, config(backlog, own, kubernetes.port(), sink.port()));
          List<String> command = command(agent.getValue(), config, own);
          AgentRun.Result result =
              new AgentRun(sink, backlog.records(), patience).run(command, own);
          results.computeIfAbsent(agent.getKey(), name -> new ArrayList<>()).add(result);
          System.out.println("round " + round + " " + text(agent.getKey(), result, backlog));
        }
      }
    }
    return results;
  }

  /** The words of a command, filled in. */
  static List<String> command(String agent, Path config, Path own) {
    List<String> command = new ArrayList<>();
    for (String word : agent.strip().split("\\s+")) {
      String filled = word.replace("{config}", config.toString()).replace("{dir}", own.toString());
      command.add(command.isEmpty() ? program(filled) : filled);
    }
    return command;
  }

  /** A program that is named by a path is named from here, not from the run's directory. */
  private static String program(String word) {
    return word.contains("/") ? Path.of(word).toAbsolutePath().toString() : word;
  }

  /** Container logs with Kubernetes metadata into the backend, in Fluent Bit's classic form. */
  private String config(Backlog backlog, Path own, int kubernetesPort, int sinkPort) {
    Path containers = backlog.root().resolve("containers");
    String source =
        String.format(
            Locale.ROOT,
            """
            [SERVICE]
                Flush             1
                Log_Level         info
                HTTP_Server       Off

            [INPUT]
                Name              tail
                Path              %1$s/*.log
                multiline.parser  docker, cri
                Tag               kube.*
                Refresh_Interval  10
                Read_from_Head    On

            [FILTER]
                Name                kubernetes
                Match               kube.*
                Kube_URL            http://127.0.0.1:%2$d
                Kube_Token_File     %3$s/token
                Kube_Tag_Prefix     kube%4$s.
                Merge_Log           On
                Keep_Log            Off
                Labels              On
                Annotations         Off

            """,
            containers,
            kubernetesPort,
            own,
            containers.toString().replace('/', '.'));
    String section = backend.section(own, sinkPort, tls);
    return source + (tls ? section + "    tls On\n    tls.verify Off\n" : section);
  }

  private ServerSocketFactory sockets(Path directory) throws IOException, InterruptedException {
    if (!tls) {
      return ServerSocketFactory.getDefault();
    }
    try {
      TestCertificates certificates = TestCertificates.in(directory.resolve("tls"));
      certificates.issue("sink", "dns:localhost,ip:127.0.0.1");
      return certificates.server("sink").getServerSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IOException("no certificate can be made", e);
    }
  }

  static AgentRun.Result median(List<AgentRun.Result> runs) {
    String problem =
        runs.stream()
            .map(AgentRun.Result::problem)
            .filter(p -> !p.isEmpty())
            .findFirst()
            .orElse("");
    return new AgentRun.Result(
        (long) middle(runs, AgentRun.Result::records),
        middle(runs, AgentRun.Result::wallSeconds),
        middle(runs, AgentRun.Result::firstSeconds),
        middle(runs, AgentRun.Result::cpuSeconds),
        middle(runs, AgentRun.Result::peakMebibytes),
        (long) middle(runs, AgentRun.Result::outBytes),
        problem);
  }

  private static double middle(
      List<AgentRun.Result> runs, ToDoubleFunction<AgentRun.Result> figure) {
    double[] sorted = runs.stream().mapToDouble(figure).sorted().toArray();
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  private static String text(String name, AgentRun.Result r, Backlog backlog) {
    double megabytes = backlog.bytes() / 1e6 * r.records() / backlog.records();
    return String.format(
        Locale.ROOT,
        "%-12s %7.1f MB/cpu-s %9.0f rec/s  wall %6.2f s  first %5.2f s  cpu %6.2f s  peak %4.0f MiB"
            + "  out %4.0f MB%s",
        name,
        megabytes / Math.max(r.cpuSeconds(), 0.01),
        r.records() / r.wallSeconds(),
        r.wallSeconds(),
        r.firstSeconds(),
        r.cpuSeconds(),
        r.peakMebibytes(),
        r.outBytes() / 1e6,
        r.problem().isEmpty() ? "" : "  FAILED: " + r.problem());
  }
}
