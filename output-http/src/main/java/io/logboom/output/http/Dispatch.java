package io.logboom.output.http;

import io.logboom.api.batch.Batch;
import io.logboom.api.json.JsonMembers;
import io.logboom.api.plugin.Outcome;
import io.logboom.api.record.FieldKind;
import io.logboom.api.record.FieldReader;
import io.logboom.api.record.JsonStrings;
import io.logboom.net.body.Segments;
import io.logboom.net.http.HttpFailure;
import io.logboom.net.http.HttpRequest;
import io.logboom.net.http.HttpResponse;
import io.logboom.net.send.Pass;
import io.logboom.net.send.Passes;
import io.logboom.net.send.Receiver;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sends one request after another, and judges the answers. One thread at a time. */
final class Dispatch {
  /** Between the path and the tag of a key. */
  static final byte SEPARATOR = '\n';

  private static final int MOST_TEXT = 4096;
  private static final int MOST_REASON = 600;

  private final Http output;
  private final Receiver receiver;
  private final StatusClasses statuses;
  private final String method;
  private final List<String> headers;
  private final @Nullable String headerTag;
  private final @Nullable FieldReader ofRecord;
  private final boolean showsAnswers;
  private final Passes passes;
  private final JsonMembers members = new JsonMembers();
  private boolean reached;

  /** Whether the last request was refused for who sent it, and somebody else may send it. */
  private boolean outdated;

  /**
   * @param headers of each request: names and values in turn
   * @param ofRecord reads the object with the headers of a record's request; null where there is
   *     none
   */
  Dispatch(
      Http output,
      Receiver receiver,
      HttpConfig config,
      List<String> headers,
      @Nullable FieldReader ofRecord,
      Passes passes) {
    this.output = output;
    this.receiver = receiver;
    this.statuses = new StatusClasses(config.answers());
    this.method = config.target().httpMethod().name();
    this.headers = headers;
    this.headerTag = config.headers().headerTag();
    this.ofRecord = ofRecord;
    this.showsAnswers = config.answers().logResponsePayload();
    this.passes = passes;
  }

  void begin() {
    reached = true;
  }

  /** Whether there was an answer to each request since {@link #begin}. */
  boolean isReached() {
    return reached;
  }

  /**
   * Sends a request.
   *
   * @param key its path and, behind {@link #SEPARATOR}, its tag
   * @param first the first record in it
   * @return Delivered, Retry, TooLarge, or Rejected
   */
  Outcome exchange(RequestBody body, byte[] key, Batch batch, int first)
      throws InterruptedException {
    Segments segments = body.finish();
    HttpRequest request = request(key, batch, first, segments);
    output.sending(body.plainLength(), segments.length());
    try {
      Outcome outcome = once(request);
      if (outdated) {
        // Nothing of it was taken.
        outcome = once(request);
        if (outdated && outcome instanceof Outcome.Retry retry) {
          receiver.operatorMustAct(retry.why());
        }
      }
      return outcome;
    } catch (InterruptedIOException e) {
      Thread.interrupted();
      throw new InterruptedException(e.getMessage());
    } catch (HttpFailure e) {
      reached = false;
      output.answered(0);
      return e.retry();
    } catch (IOException e) {
      reached = false;
      return new Outcome.Retry(String.valueOf(e.getMessage()));
    }
  }

  private Outcome once(HttpRequest request) throws IOException, InterruptedException {
    outdated = false;
    Pass pass = passes.next();
    try (HttpResponse response = output.client().send(pass.on(request))) {
      return judge(response, pass);
    }
  }

  private HttpRequest request(byte[] key, Batch batch, int first, Segments segments) {
    int end = 0;
    while (key[end] != SEPARATOR) {
      end++;
    }
    String path = new String(key, 0, end, StandardCharsets.US_ASCII);
    if (headerTag == null && ofRecord == null) {
      return new HttpRequest(method, path, headers, segments);
    }
    List<String> all = new ArrayList<>(headers);
    if (ofRecord != null && ofRecord.read(batch, first) && ofRecord.kind() == FieldKind.OBJECT) {
      own(ofRecord, all);
    }
    if (headerTag != null) {
      all.add(headerTag);
      all.add(Headers.printable(key, end + 1, key.length));
    }
    return new HttpRequest(method, path, all, segments);
  }

  /** Adds the members of the object whose values are strings. */
  private void own(FieldReader object, List<String> all) {
    byte[] json = object.bytes();
    members.reset(json, object.from() + 1, object.to() - 1);
    while (members.next()) {
      if (json[members.valueFrom()] != '"') {
        continue;
      }
      String name = text(json, members.nameFrom(), members.nameTo());
      String value = text(json, members.valueFrom() + 1, members.valueTo() - 1);
      if (Headers.isName(name) && !Headers.isTheClients(name)) {
        Headers.replace(name, Headers.printable(value), all);
      }
    }
  }

  private static String text(byte[] json, int from, int to) {
    byte[] plain = new byte[to - from];
    int end = JsonStrings.unescape(json, from, to, plain, 0);
    return new String(plain, 0, end, StandardCharsets.UTF_8);
  }

  private Outcome judge(HttpResponse response, Pass pass) throws InterruptedIOException {
    int status = response.status();
    output.answered(status);
    StatusClasses.Fate fate = statuses.of(status);
    if (fate == StatusClasses.Fate.TAKEN) {
      return Outcome.DELIVERED;
    }
    String text = excerpt(response);
    String why = response.host() + " answered " + status;
    if (showsAnswers && !text.isEmpty()) {
      why = cut(why + ": " + text);
    }
    if (pass.isOutdated(response, text)) {
      outdated = true;
      return new Outcome.Retry(why, response.retryAfter());
    }
    return switch (fate) {
      case TOO_LARGE -> new Outcome.TooLarge(why);
      case REFUSED -> new Outcome.Rejected(why);
      default -> {
        if (StatusClasses.isForOperator(status)) {
          receiver.operatorMustAct(why);
        }
        yield new Outcome.Retry(why, response.retryAfter());
      }
    };
  }

  /** The answer's start, as far as it came: the status alone says most. */
  private static String excerpt(HttpResponse response) throws InterruptedIOException {
    try {
      return response.excerpt(MOST_TEXT);
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      return "";
    }
  }

  private static String cut(String text) {
    String line = text.replaceAll("\\s+", " ");
    return line.length() > MOST_REASON ? line.substring(0, MOST_REASON) + "..." : line;
  }
}
