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
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The options of the {@code http} output. */
public record HttpConfig(
    @Options(text = "Where to") Target target,
    @Options(text = "Body") Body body,
    @Options(text = "GELF", prefix = "gelf_") Gelf gelf,
    @Options(text = "Headers and authentication") Headers headers,
    @Options(text = "OAuth 2.0", prefix = "oauth2.") OAuth2 oauth2,
    @Options(text = "AWS") Aws aws,
    @Options(text = "Answers") Answers answers,
    @Options(text = "Networking") NetOptions net,
    @Options(text = "TLS") TlsOptions tls,
    @Options(text = "Timeouts") Timeouts timeouts) {

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
      @Option(text = "POST or PUT.", preset = "post") Method httpMethod,
      @Option(
              text =
                  "The proxy that requests go by, http://user:password@host:port or with https://;"
                      + " instead of those of the environment.")
          @Nullable Secret proxy) {}

  /** Formats of a body. */
  public enum Format {
    JSON,
    JSON_LINES,
    JSON_STREAM,
    MSGPACK,
    GELF
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
                      + " them, msgpack events [[time, {}], {record}] one behind the other, gelf"
                      + " messages of Graylog's format, one a line.",
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

  /** Which members are the fields that GELF knows. */
  public record Gelf(
      @Option(
              text =
                  "The member that is short_message. A record without it is rejected: GELF wants"
                      + " one.",
              preset = "short_message")
          String shortMessageKey,
      @Option(text = "The member that is full_message.", preset = "full_message")
          String fullMessageKey,
      @Option(text = "The member that is host.", preset = "host") String hostKey,
      @Option(
              text =
                  "The member that is level: 0 to 7, or a word such as err, warning and info, which"
                      + " becomes its number.",
              preset = "level")
          String levelKey,
      @Option(
              text = "The member that is timestamp. Without it the record's time is.",
              preset = "timestamp")
          String timestampKey) {
    static final Gelf USUAL =
        new Gelf("short_message", "full_message", "host", "level", "timestamp");
  }

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

  /** How a client says to a token server who it is. */
  public enum AuthMethod {
    BASIC,
    POST,
    PRIVATE_KEY_JWT
  }

  /** Access tokens by client credentials (RFC 6749 §4.4). */
  public record OAuth2(
      @Option(
              text =
                  "Whether requests have an access token, which a token server gives to this client"
                      + " and which is fetched anew ahead of its end.",
              preset = "false")
          boolean enable,
      @Option(text = "The token server's URL: https://idp.example.com/oauth2/token.")
          @Nullable String tokenUrl,
      @Option(text = "The client's name at the token server.") @Nullable String clientId,
      @Option(text = "The client's secret.") @Nullable Secret clientSecret,
      @Option(text = "The User-Agent of token requests.", preset = "Logboom") String userAgent,
      @Option(text = "The scope to ask for; several are separated by blanks.")
          @Nullable String scope,
      @Option(text = "The audience to ask for, where the token server wants one.")
          @Nullable String audience,
      @Option(text = "The resource to ask for (RFC 8707), where the token server wants one.")
          @Nullable String resource,
      @Option(
              text =
                  "How the client says who it is: basic (name and secret in a header), post (both"
                      + " in the request's body), private_key_jwt (a signed statement).",
              preset = "basic")
          AuthMethod authMethod,
      @Options(text = "Signed statements", prefix = "jwt_") Jwt jwt,
      @Options(text = "Token requests") TokenRequests requests) {}

  /** The statements of {@code private_key_jwt} (RFC 7523 §3). */
  public record Jwt(
      @Option(text = "A PEM file with the private key that statements are signed with.")
          @Nullable Path keyFile,
      @Option(text = "A PEM file with the key's certificate, whose hash names the key.")
          @Nullable Path certFile,
      @Option(text = "Whom a statement is for. By default oauth2.token_url.") @Nullable String aud,
      @Option(
              text =
                  "The header that names the key: kid (the certificate's SHA-1 as hexadecimal"
                      + " digits), x5t (the same as Base64) or x5t#S256 (its SHA-256 as Base64).",
              preset = "kid")
          String header,
      @Option(
              text = "For how many seconds a statement is good.",
              preset = "300",
              min = "10",
              max = "86400")
          int ttlSeconds) {}

  /** How tokens are asked for. */
  public record TokenRequests(
      @Option(
              text =
                  "How many seconds before its end a token is fetched anew, and no more than half"
                      + " of its life.",
              preset = "60",
              min = "0",
              max = "86400")
          int refreshSkewSeconds,
      @Option(
              text =
                  "How long a token request may take in all. With 0 as long as"
                      + " http.response_timeout, or 60 seconds.",
              preset = "0s")
          Duration timeout,
      @Option(
              text =
                  "How long making the connection to the token server may take. With 0"
                      + " net.connect_timeout.",
              preset = "0s")
          Duration connectTimeout,
      @Option(
              text =
                  "A PEM file with the certificates of authorities that are trusted for the token"
                      + " server. By default those of the JDK, whatever tls.ca_file says.")
          @Nullable Path caFile) {}

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

  /** How long requests may take. */
  public record Timeouts(
      @Option(
              name = "http.response_timeout",
              text =
                  "How long a request and its answer may take in all; 0 for no limit. By default"
                      + " net.request_timeout.")
          @Nullable Duration response,
      @Option(
              name = "http.read_idle_timeout",
              text =
                  "How long the receiver may be silent in the middle of a request. By default, and"
                      + " with 0, net.io_timeout.")
          @Nullable Duration readIdle) {}
}
