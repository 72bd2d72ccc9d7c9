package io.logboom.core.config;

import io.logboom.api.config.ByteSize;
import io.logboom.api.config.Option;
import io.logboom.api.config.Options;
import io.logboom.core.codec.Compression;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code service} section: what holds for the agent as a whole. */
public record ServiceConfig(
    @Option(
            text = "How long records may wait for company before they are sent, in seconds.",
            preset = "1",
            min = "0.001")
        Duration flush,
    @Option(
            text =
                "How long a stop may take, in seconds; what is not delivered by then is read again"
                    + " at the next start. -1 is as long as it takes; auto is 5, and 25 for a"
                    + " sidecar, whose application may write on meanwhile.",
            preset = "auto")
        Grace grace,
    @Option(
            text =
                "How much the agent says about itself. The environment variable FLB_LOG_LEVEL"
                    + " overrides it.",
            preset = "info")
        LogLevel logLevel,
    @Option(text = "The file that the agent's own log goes to, instead of the standard error.")
        @Nullable Path logFile,
    @Option(
            text =
                "A file with parsers, classic or YAML. A relative path is looked for in the working"
                    + " directory, then beside the main file.",
            repeatable = true)
        List<String> parsersFile,
    @Option(
            text =
                "The directory for what must survive a restart, such as the positions in files."
                    + " The default is storage.path, or else /var/lib/logboom.")
        @Nullable Path stateDir,
    @Options(text = "HTTP server") Http http,
    @Options(text = "Health") Health health,
    @Options(text = "Hot reload") Reload reload,
    @Options(text = "Beside an application") Sidecar sidecar,
    @Options(text = "Storage", prefix = "storage.") Storage storage,
    @Options(text = "Retries", prefix = "scheduler.") Scheduler scheduler,
    @Options(text = "Memory and spool", prefix = "buffer.") Buffer buffer) {
  private static final Path STATE = Path.of("/var/lib/logboom");
  private static final Duration USUAL_STOP = Duration.ofSeconds(5);
  private static final Duration SIDECAR_STOP = Duration.ofSeconds(25);

  /** The server for probes and metrics. */
  public record Http(
      @Option(text = "Whether the agent answers probes and scrapes over HTTP.", preset = "on")
          boolean httpServer,
      @Option(text = "The address that the server listens on.", preset = "0.0.0.0")
          String httpListen,
      @Option(
              text = "The server's port; 0 takes a free one.",
              preset = "2020",
              min = "0",
              max = "65535")
          int httpPort) {}

  /** When {@code /api/v1/health} says no. */
  public record Health(
      @Option(text = "Whether /api/v1/health exists, as it does in Fluent Bit.", preset = "off")
          boolean healthCheck,
      @Option(
              text = "More failed deliveries than this in the period are unhealthy.",
              preset = "5",
              min = "0")
          int hcErrorsCount,
      @Option(
              text = "More given-up retries than this in the period are unhealthy.",
              preset = "5",
              min = "0")
          int hcRetryFailureCount,
      @Option(text = "The period, in seconds.", preset = "60", min = "1") Duration hcPeriod) {}

  /** How a change of the configuration comes into effect. */
  public record Reload(
      @Option(
              text =
                  "Whether a change of the configuration's files, SIGHUP and /api/v2/reload bring a"
                      + " new configuration into effect while the agent runs. Fluent Bit's default"
                      + " is off.",
              preset = "on")
          boolean hotReload,
      @Option(
              name = "hot_reload.timeout",
              text =
                  "How long a reload may wait for what is under way in the inputs and outputs that"
                      + " it stops, in seconds. 0 is three seconds.",
              preset = "0",
              max = "60")
          Duration timeout) {
    private static final Duration USUAL = Duration.ofSeconds(3);

    /** How long a reload may wait. */
    public Duration patience() {
      return timeout.isZero() ? USUAL : timeout;
    }
  }

  /** How the agent ends where it stands beside an application in its pod. */
  public record Sidecar(
      @Option(
              text =
                  "Whether the agent is an application's sidecar. When it is told to stop, it reads"
                      + " on until the application has ended or the grace is nearly over, delivers,"
                      + " says of each file what it could not deliver, and exits with 0.",
              preset = "off")
          boolean sidecar,
      @Option(
              name = "sidecar.quiet",
              text =
                  "For how long the files must have been quiet at their end, counted from the stop"
                      + " on, for the application to count as ended. Without effect with"
                      + " sidecar.done_file or sidecar.process, which tell its end.",
              preset = "2",
              min = "0.1")
          Duration quiet,
      @Option(
              name = "sidecar.delivery",
              text =
                  "How much of the grace is kept for delivering what was read last; at most half"
                      + " of it.",
              preset = "5",
              min = "0.1")
          Duration delivery,
      @Option(
              name = "sidecar.done_file",
              text =
                  "A file that is there once the application has ended: its wrapper makes it in the"
                      + " shared volume. The agent then reads what is left, delivers it and exits"
                      + " with 0, which lets a Job complete.")
          @Nullable Path doneFile,
      @Option(
              name = "sidecar.process",
              text =
                  "The application's command, without directory, for pods with"
                      + " shareProcessNamespace: once such a process was there and none is any"
                      + " more, the application has ended, as with sidecar.done_file.")
          @Nullable String process,
      @Option(
              name = "sidecar.patience",
              text =
                  "How long, after the application's end, the agent tries to deliver before it"
                      + " says what is left and exits all the same.",
              preset = "10m",
              min = "1")
          Duration patience) {}

  /** What is kept on disk. */
  public record Storage(
      @Option(text = "The directory for what is kept on disk.") @Nullable Path path,
      @Option(
              name = "keep.rejected",
              text =
                  "Whether records that a receiver refuses for good, and those out of retries, are"
                      + " kept as dead letters; if not, they are counted and dropped.",
              preset = "on")
          boolean keepRejected,
      @Option(
              name = "rejected.path",
              text =
                  "The directory of the dead letters; a relative one is below the state directory.",
              preset = "dead-letters")
          Path rejectedPath,
      @Option(
              name = "rejected.limit",
              text = "The most bytes of dead letters; the oldest go first, and are counted.",
              preset = "64M",
              min = "1M")
          ByteSize rejectedLimit) {}

  /** How a failed delivery is tried again. */
  public record Scheduler(
      @Option(
              text = "The first wait before a retry, in seconds; it doubles each time.",
              preset = "1",
              min = "0.001")
          Duration base,
      @Option(text = "The longest wait, in seconds.", preset = "30", min = "0.001") Duration cap) {}

  /** The one budget of memory, and the disk behind it. */
  public record Buffer(
      @Option(
              text =
                  "How much memory all records together may take. 0 computes it from the size of"
                      + " the heap.",
              preset = "0")
          ByteSize memory,
      @Option(
              text =
                  "Whether what an output cannot take waits on disk once its share of the memory is"
                      + " used up. Without it, inputs wait.",
              preset = "on")
          boolean spool,
      @Option(
              text =
                  "The most bytes that all outputs' spools together may take on disk; 0 is no"
                      + " limit.",
              preset = "2G")
          ByteSize spoolLimit,
      @Option(
              text =
                  "How what goes to the spool is compressed: none, lz4, or zstd. It saves disk and"
                      + " costs CPU time.",
              preset = "none")
          Compression compress) {}

  /** How long a stop may take. */
  public Duration stopTime() {
    return grace.or(sidecar.sidecar() ? SIDECAR_STOP : USUAL_STOP);
  }

  /** The directory for what must survive a restart. */
  public Path stateDirectory() {
    if (stateDir != null) {
      return stateDir;
    }
    Path path = storage.path();
    return path != null ? path : STATE;
  }
}
