package io.logboom.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures whole agents that take records over the Forward protocol and deliver them to a sink in
 * Elasticsearch's shape, or loads a server that runs already. README.md has the options.
 */
public final class ForwardLoad {
  private static final String OURS = "logboom";

  private long records = 5_000_000;
  private int chunk = 2_000;
  private int connections = 4;
  private int window = 1;
  private int rounds = 3;
  private Duration patience = Duration.ofMinutes(10);
  private String to = "";
  private final Map<String, String> agents = new LinkedHashMap<>();

  private ForwardLoad() {
    agents.put(OURS, "agent-app/target/logboom/bin/logboom -c {config} -b {dir}/state");
  }

  /** Runs the benchmark; ends with 0 where every run delivered all records, else 1 or 2. */
  @AllowForbidden("a program of its own, which prints and has an exit status")
  public static void main(String[] args) throws IOException, InterruptedException {
    ForwardLoad benchmark = new ForwardLoad();
    try {
      benchmark.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    }
    System.exit(benchmark.to.isEmpty() ? benchmark.run() : benchmark.load());
  }

  private void parse(String[] args) {
    for (int i = 0; i < args.length; i++) {
      String option = args[i];
      if (option.equals("--no-acks")) {
        window = 0;
        continue;
      }
      if (i + 1 == args.length) {
        throw new IllegalArgumentException(option + " needs a value, or is not known");
      }
      String value = args[++i];
      switch (option) {
        case "--records" -> records = WholeProcess.number(option, value);
        case "--chunk" -> chunk = WholeProcess.number(option, value);
        case "--connections" -> connections = WholeProcess.number(option, value);
        case "--window" -> window = WholeProcess.number(option, value);
        case "--rounds" -> rounds = WholeProcess.number(option, value);
        case "--timeout" -> patience = Duration.ofSeconds(WholeProcess.number(option, value));
        case "--to" -> to = value;
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
  }

  private ForwardSenders senders(InetSocketAddress server) {
    long chunks = Math.max(1, records / chunk);
    return new ForwardSenders(
        server,
        new ForwardSenders.Load(chunks, chunk, connections, window, Duration.ofSeconds(30)));
  }

  /** Sends to a server that runs already. */
  @AllowForbidden("prints its results")
  private int load() throws InterruptedException {
    int colon = to.lastIndexOf(':');
    InetSocketAddress server =
        new InetSocketAddress(
            to.substring(0, Math.max(0, colon)),
            WholeProcess.number("--to", to.substring(colon + 1)));
    long start = System.nanoTime();
    ForwardSenders senders = senders(server).start();
    String problem = senders.join();
    double seconds = (System.nanoTime() - start) / 1e9;
    long sent = Math.max(1, records / chunk) * chunk;
    System.out.printf(
        Locale.ROOT,
        "%d records in %.2f s, %.0f rec/s, %d acknowledged%s%n",
        sent,
        seconds,
        sent / seconds,
        senders.acknowledged(),
        problem.isEmpty() ? "" : "  FAILED: " + problem);
    return problem.isEmpty() ? 0 : 1;
  }

  @AllowForbidden("prints its results")
  private int run() throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("logboom-bench");
    boolean complete = true;
    Map<String, List<AgentRun.Result>> results = new LinkedHashMap<>();
    try (CountingSink sink = new CountingSink(Backend.of("es"))) {
      for (int round = 1; round <= rounds; round++) {
        for (Map.Entry<String, String> agent : agents.entrySet()) {
          Path own = directory.resolve(agent.getKey() + "-" + round);
          AgentRun.Result result = once(agent.getValue(), own, sink);
          complete &= result.problem().isEmpty();
          results.computeIfAbsent(agent.getKey(), name -> new ArrayList<>()).add(result);
          System.out.println("round " + round + " " + text(agent.getKey(), result));
        }
      }
    } finally {
      Backlog.delete(directory);
    }
    results.forEach(
        (name, runs) -> System.out.println("median " + text(name, WholeProcess.median(runs))));
    return complete ? 0 : 1;
  }

  private AgentRun.Result once(String agent, Path own, CountingSink sink)
      throws IOException, InterruptedException {
    Files.createDirectories(own.resolve("state"));
    int port = freePort();
    Path config = Files.writeString(own.resolve("agent.conf"), config(port, sink.port()));
    List<String> command = WholeProcess.command(agent, config, own);
    ForwardSenders senders =
        senders(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)).start();
    AgentRun.Result result =
        new AgentRun(sink, Math.max(1, records / chunk) * chunk, patience).run(command, own);
    senders.stop();
    senders.join();
    return result;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** From senders into Elasticsearch, in Fluent Bit's classic form. */
  private static String config(int port, int sinkPort) {
    return String.format(
        Locale.ROOT,
        """
        [SERVICE]
            Flush             1
            Log_Level         info
            HTTP_Server       Off

        [INPUT]
            Name              forward
            Listen            127.0.0.1
            Port              %d

        [OUTPUT]
            Name                es
            Match               *
            Host                127.0.0.1
            Port                %d
            Logstash_Format     On
            Logstash_Prefix     logs
            Suppress_Type_Name  On
        """,
        port,
        sinkPort);
  }

  private static String text(String name, AgentRun.Result r) {
    return String.format(
        Locale.ROOT,
        "%-12s %9.0f rec/cpu-s %9.0f rec/s  wall %6.2f s  first %5.2f s  cpu %6.2f s  peak %4.0f"
            + " MiB  out %4.0f MB%s",
        name,
        r.records() / Math.max(r.cpuSeconds(), 0.01),
        r.records() / r.wallSeconds(),
        r.wallSeconds(),
        r.firstSeconds(),
        r.cpuSeconds(),
        r.peakMebibytes(),
        r.outBytes() / 1e6,
        r.problem().isEmpty() ? "" : "  FAILED: " + r.problem());
  }
}
