package io.logboom.output.cloudwatch;

import io.logboom.aws.AwsCredentials;
import io.logboom.aws.AwsError;
import io.logboom.aws.AwsSigner;
import io.logboom.aws.Credentials;
import io.logboom.aws.CredentialsFailure;
import io.logboom.aws.Payload;
import io.logboom.net.HostPort;
import io.logboom.net.body.Segments;
import io.logboom.net.http.HttpClient;
import io.logboom.net.http.HttpFailure;
import io.logboom.net.http.HttpRequest;
import io.logboom.net.http.HttpResponse;
import io.logboom.output.cloudwatch.Answer.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The API of CloudWatch Logs: AWS JSON 1.1 over HTTP, each call signed. It is the service only
 * where the answer has an {@code x-amzn-RequestId}; a proxy's 200 has kept nothing. Safe for all
 * threads.
 */
final class Api {
  /** What can be called. */
  enum Action {
    PUT_LOG_EVENTS("PutLogEvents"),
    CREATE_LOG_STREAM("CreateLogStream"),
    CREATE_LOG_GROUP("CreateLogGroup"),
    PUT_RETENTION_POLICY("PutRetentionPolicy");

    final String word;

    Action(String word) {
      this.word = word;
    }
  }

  /** What each call comes to. */
  interface Listener {
    /**
     * @param status 0 for none
     */
    void answered(int status);

    void throttled();
  }

  private static final int MOST_TEXT = 64 * 1024;
  private static final int MOST_REASON = 600;

  private final HttpClient client;
  private final HostPort host;
  private final AwsCredentials credentials;
  private final AwsSigner signer;
  private final List<String> putHeaders;
  private final Listener listener;

  /**
   * @param putHeaders those that PutLogEvents has beside its own
   */
  Api(
      HttpClient client,
      HostPort host,
      AwsCredentials credentials,
      AwsSigner signer,
      List<String> putHeaders,
      Listener listener) {
    this.client = client;
    this.host = host;
    this.credentials = credentials;
    this.signer = signer;
    this.putHeaders = putHeaders;
    this.listener = listener;
  }

  /**
   * Calls once; twice where the credentials had expired and others were to be had.
   *
   * @param body sealed
   */
  Answer call(Action action, Segments body) throws InterruptedException {
    List<String> headers =
        new ArrayList<>(
            List.of(
                "X-Amz-Target",
                "Logs_20140328." + action.word,
                "Content-Type",
                "application/x-amz-json-1.1"));
    if (action == Action.PUT_LOG_EVENTS) {
      headers.addAll(putHeaders);
    }
    HttpRequest request = new HttpRequest("POST", "/", List.copyOf(headers), body);
    Payload payload = Payload.of(body);
    for (boolean again = false; ; again = true) {
      Credentials used;
      try {
        used = credentials.current();
      } catch (CredentialsFailure e) {
        return Answer.of(Kind.AWAY, host + ": " + e.getMessage());
      }
      int status = 0;
      try (HttpResponse response = client.send(signer.sign(request, host, payload, used))) {
        status = response.status();
        listener.answered(status);
        String text = text(response);
        AwsError error = AwsError.of(response, text);
        if (!again && status >= 400 && error.isExpired()) {
          credentials.rejected(used);
          continue;
        }
        return judge(action, response, text, error);
      } catch (InterruptedIOException e) {
        Thread.interrupted();
        throw new InterruptedException(e.getMessage());
      } catch (HttpFailure e) {
        if (status == 0) {
          listener.answered(0);
          return Answer.of(e);
        }
        return unread(status, e);
      } catch (IOException e) {
        return unread(status, e);
      }
    }
  }

  private Answer unread(int status, IOException e) {
    return Answer.of(
        Kind.AWAY,
        host + " answered " + status + ", and cannot be read to its end: " + e.getMessage());
  }

  /** The answer's start; of one that is no success as far as it came, for the status says most. */
  private static String text(HttpResponse response) throws IOException {
    try {
      return response.excerpt(MOST_TEXT);
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      if (response.status() < 300) {
        throw e;
      }
      return "";
    }
  }

  private Answer judge(Action action, HttpResponse response, String text, AwsError error) {
    int status = response.status();
    StringBuilder why =
        new StringBuilder(error.isClockSkew() ? "this machine's clock is wrong: " : "");
    if (action != Action.PUT_LOG_EVENTS) {
      why.append(action.word).append(": ");
    }
    why.append(response.host()).append(" answered ").append(status);
    if (status < 300 && response.header("x-amzn-RequestId") == null) {
      why.append(" without x-amzn-RequestId, so that it is not the service");
    } else if (status == 200) {
      return Answer.of(Kind.OK, "", response, text);
    }
    String said = error.code().isEmpty() ? text : error.toString();
    if (!said.isEmpty()) {
      why.append(": ").append(said);
    }
    Kind kind = kind(status, error);
    if (kind == Kind.BUSY) {
      listener.throttled();
    }
    return Answer.of(kind, cut(why.toString()), response, text);
  }

  private static Kind kind(int status, AwsError error) {
    switch (error.code()) {
      case "ResourceNotFoundException" -> {
        return Kind.NOT_FOUND;
      }
      case "ResourceAlreadyExistsException" -> {
        return Kind.EXISTS;
      }
      case "DataAlreadyAcceptedException" -> {
        return Kind.HAD;
      }
      case "InvalidSequenceTokenException" -> {
        return Kind.TOKEN;
      }
      // Two create the same at once.
      case "OperationAbortedException" -> {
        return Kind.BUSY;
      }
      // So many groups an account may have.
      case "LimitExceededException" -> {
        return Kind.REFUSED;
      }
      case "RequestEntityTooLargeException" -> {
        return Kind.TOO_LARGE;
      }
      default -> {
        // By its status, below.
      }
    }
    if (error.isThrottle() || status == 429 || status >= 500) {
      return Kind.BUSY;
    }
    if (status == 413) {
      return Kind.TOO_LARGE;
    }
    return switch (error.code()) {
      case "InvalidParameterException", "ValidationException", "SerializationException" ->
          // Names are the same in each request to the stream.
          error.message().contains("'logGroupName'") || error.message().contains("'logStreamName'")
              ? Kind.REFUSED
              : Kind.INVALID;
      default -> Kind.REFUSED;
    };
  }

  private static String cut(String text) {
    String line = text.replaceAll("\\s+", " ");
    return line.length() > MOST_REASON ? line.substring(0, MOST_REASON) + "..." : line;
  }
}
