package io.logboom.output.http;

import io.logboom.api.config.ByteSize;
import io.logboom.api.config.Option;
import io.logboom.api.config.Options;
import io.logboom.api.config.Secret;
import io.logboom.api.json.DateFormat;
import io.logboom.api.record.Accessor;
import io.logboom.api.record.Template;
import io.logboom.aws.AwsOptions;
import io.logboom.net.NetOptions;
import io.logboom.net.tls.TlsOptions;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The options of the {@code http} output. */
public record HttpConfig(
    @Options(text = "Where to") Target target,
    @Options(text = "Body") Body body,
    @Options(text = "Headers and authentication") Headers headers,
    @Options(text = "AWS") Aws aws,
    @Options(text = "Answers") Answers answers,
    @Options(text = "Networking") NetOptions net,
    @Options(text = "TLS") TlsOptions tls,
    @Options(text = "Accepted for compatibility") Compatible compatible) {

  /** Methods of requests. */
  public enum Method {
    POST,
    PUT
  }

  /** Where the receiver is. */
  public record Target(
      @Option(text = "The host's name or address.", preset = "127.0.0.1") String host,
      @Option(text = "The port.", preset = "80", min = "1", max = "65535") int port,
      @Option(
              text =
                  "The path, with a query where one is needed. May have record accessors such as"
                      + " $TAG and $kubernetes['namespace_name'], whose values are percent-encoded;"
                      + " each path has its own requests.",
              preset = "/")
          Template uri,
      @Option(text = "POST or PUT.", preset = "post") Method httpMethod) {}

  /** Formats of a body. */
  public enum Format {
    JSON,
    JSON_LINES,
    JSON_STREAM,
    MSGPACK
  }

  /** Compressions of a body. */
  public enum Compress {
    NONE,
    GZIP,
    ZSTD,
    SNAPPY
  }

  /** What is sent. */
  public record Body(
      @Option(
              text =
                  "json is one array of objects, json_lines an object a line"
                      + " (application/x-ndjson), json_stream objects without anything between"
                      + " them, msgpack events [[time, {}], {record}] one behind the other.",
              preset = "json")
          Format format,
      @Option(
              text =
                  "The name under which the JSON formats have the record's time; false leaves the"
                      + " time out.",
              preset = "date")
          String jsonDateKey,
      @Option(
              text =
                  "How the JSON formats write the record's time: double (seconds with a fraction),"
                      + " epoch (seconds), epoch_ms, iso8601 or java_sql_timestamp.",
              preset = "double")
          DateFormat jsonDateFormat,
      @Option(text = "How bodies are compressed: none, gzip, zstd or snappy.", preset = "none")
          Compress compress,
      @Option(
              text =
                  "A request is sent when its body, before compression, has this many bytes. Bounds"
                      + " the memory of each worker. What the receiver refuses as too large (413)"
                      + " is sent in halves, and requests are smaller from then on.",
              preset = "1M",
              min = "4k",
              max = "100M")
          ByteSize maxRequestSize,
      @Option(
              text =
                  "The string that is a request's body, as it is: each record is a request of its"
                      + " own, and format and the time do not count. A record without it is"
                      + " rejected.")
          @Nullable Accessor bodyKey,
      @Option(
              text =
                  "With body_key: the object whose names and strings are headers of the record's"
                      + " request, in place of Content-Type.")
          @Nullable Accessor headersKey) {}

  /** What goes with each request. */
  public record Headers(
      @Option(
              text =
                  "A header for each request: a name, a blank, its value. Content-Type and"
                      + " User-Agent replace the output's own.",
              repeatable = true)
          List<Secret> header,
      @Option(
              text =
                  "Whether a header that is configured twice is sent twice. Off, the last one"
                      + " counts.",
              preset = "true")
          boolean allowDuplicatedHeaders,
      @Option(
              text =
                  "A header whose value is the records' tag; each tag has its own requests then.")
          @Nullable String headerTag,
      @Option(text = "The user name for basic authentication.") @Nullable String httpUser,
      @Option(text = "The password for basic authentication.") @Nullable Secret httpPasswd,
      @Option(text = "The token for bearer authentication.") @Nullable Secret bearerToken) {}

  /** Requests to AWS. */
  public record Aws(
      @Option(text = "Whether requests are signed for AWS (Signature Version 4).", preset = "false")
          boolean awsAuth,
      @Option(text = "The service as signatures name it, such as es, aoss, osis or execute-api.")
          @Nullable String awsService,
      @Options(text = "AWS credentials", prefix = "aws_") AwsOptions identity) {}

  /** Statuses of answers: one, or a range such as 200-299. */
  public record Statuses(int from, int to) {
    private static final Pattern SYNTAX = Pattern.compile("([1-5]\\d\\d)(?: *- *([1-5]\\d\\d))?");

    /**
     * Reads one or a range.
     *
     * @throws IllegalArgumentException where it is neither
     */
    public static Statuses parse(String text) {
      Matcher m = SYNTAX.matcher(text.strip());
      if (!m.matches()) {
        throw new IllegalArgumentException("is no status and no range of them, such as 200-299");
      }
      int from = Integer.parseInt(m.group(1));
      int to = m.group(2) == null ? from : Integer.parseInt(m.group(2));
      if (to < from) {
        throw new IllegalArgumentException("ends before it begins");
      }
      return new Statuses(from, to);
    }

    boolean has(int status) {
      return from <= status && status <= to;
    }

    @Override
    public String toString() {
      return from == to ? Integer.toString(from) : from + "-" + to;
    }
  }

  /** What answers mean. */
  public record Answers(
      @Option(
              name = "response_code.success",
              text =
                  "Statuses that mean that the records are taken, beside 200-299. One status can"
                      + " stand in one of the three options.")
          List<Statuses> success,
      @Option(
              name = "response_code.retry",
              text =
                  "Statuses after which the records are sent again, beside 300-399, 401, 403, 404,"
                      + " 405, 407, 408, 421, 423, 425, 429 and 500-599.")
          List<Statuses> retry,
      @Option(
              name = "response_code.reject",
              text =
                  "Statuses that refuse records for good, beside all other ones of 400-499: the"
                      + " records become dead letters. A request is sent in halves first, so that"
                      + " one record does not cost the others.")
          List<Statuses> reject,
      @Option(
              text =
                  "Whether the reason of a failure has the start of the answer's body, in the log"
                      + " and among the dead letters.",
              preset = "true")
          boolean logResponsePayload) {}

  /** Options of Fluent Bit that change nothing here. */
  public record Compatible(
      @Option(
              name = "http.response_timeout",
              text = "Has no effect: net.io_timeout and net.request_timeout bound the wait.")
          @Nullable String responseTimeout,
      @Option(
              name = "http.read_idle_timeout",
              text = "Has no effect: net.io_timeout bounds the wait.")
          @Nullable String readIdleTimeout) {}
}
