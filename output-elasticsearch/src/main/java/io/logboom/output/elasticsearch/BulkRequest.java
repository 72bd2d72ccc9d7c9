package io.logboom.output.elasticsearch;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Outcome;
import io.logboom.net.body.Body;
import io.logboom.net.body.Segments;
import io.logboom.net.http.HttpFailure;
import io.logboom.net.http.HttpResponse;
import io.logboom.net.send.Pass;
import io.logboom.net.send.Verdict;
import io.logboom.output.elasticsearch.Clashes.Clash;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One request: documents to a body, the answer to a verdict on each. Used again and again, with the
 * buffers that it has.
 */
final class BulkRequest implements AutoCloseable {
  private static final int MOST_EXCERPT = 2048;
  private static final int MOST_REASON = 600;

  private final Elasticsearch output;
  private final ElasticsearchEncoder encoder;
  private final Body body;
  private final BulkAnswer answer;
  private final Verdict verdict;
  private final Clashes clashes;

  // The records in the body, by their numbers in the send.
  private int[] number = new int[1024];
  private int count;
  private int told;

  /** Whether the last request was refused for who sent it, and somebody else may send it. */
  private boolean outdated;

  private String blocked = "";

  BulkRequest(
      Elasticsearch output,
      ElasticsearchEncoder encoder,
      Body body,
      BulkAnswer answer,
      Verdict verdict,
      Clashes clashes) {
    this.output = output;
    this.encoder = encoder;
    this.body = body;
    this.answer = answer;
    this.verdict = verdict;
    this.clashes = clashes;
  }

  void clear() {
    body.clear();
    count = 0;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** The bytes before compression. */
  long plainLength() {
    return body.plainLength();
  }

  /** The records in the body. */
  int[] numbers() {
    return Arrays.copyOf(number, count);
  }

  /**
   * Adds a record, of the batch that the encoder has begun; rejects it where it cannot be sent.
   *
   * @throws Segments.FullException where it has no room; the body is of no use then
   */
  void add(Batch batch, int record, int as) {
    Clash clash = clashes.of(as);
    if (clash == null) {
      if (!encoder.encode(batch, record, body.sink())) {
        verdict.reject(as, "the record has no value for id_key, and the operation needs an id");
        return;
      }
    } else if (!encoder.encodeAside(batch, record, clash.fields(), body.sink())) {
      verdict.reject(as, clash.why());
      return;
    }
    if (encoder.hasRepaired()) {
      verdict.repaired(as);
    }
    if (count == number.length) {
      number = Arrays.copyOf(number, count * 2);
    }
    number[count++] = as;
  }

  /**
   * Sends what was added and tells the verdict what the answer says of single records.
   *
   * @return null where the answer is about single records; Retry where nobody knows or the cluster
   *     cannot; TooLarge and Rejected where the request was refused as a whole
   */
  @Nullable Outcome send() throws InterruptedException {
    long plain = body.plainLength();
    Segments segments = body.finish();
    output.sending(plain, segments.length());
    try {
      Outcome outcome = once(segments);
      if (outcome instanceof Outcome.Retry && outdated) {
        // Nothing of it was taken.
        outcome = once(segments);
        if (outcome instanceof Outcome.Retry retry && outdated) {
          output.receiver().operatorMustAct(retry.why());
        }
      }
      return outcome;
    } catch (InterruptedIOException e) {
      Thread.interrupted();
      throw new InterruptedException(e.getMessage());
    } catch (HttpFailure e) {
      output.answered(0);
      return e.retry();
    } catch (IOException e) {
      return new Outcome.Retry(e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  private @Nullable Outcome once(Segments segments) throws IOException, InterruptedException {
    outdated = false;
    Pass pass = output.pass();
    try (HttpResponse response = output.client().send(pass.on(output.request(segments)))) {
      return judge(response, pass);
    }
  }

  private @Nullable Outcome judge(HttpResponse response, Pass pass) throws IOException {
    int status = response.status();
    output.answered(status);
    if (status == 200 || status == 201) {
      return items(response);
    }
    String text = excerpt(response);
    String why = response.host() + " answered " + status + (text.isEmpty() ? "" : ": " + text);
    if (pass.isOutdated(response, text)) {
      outdated = true;
      return new Outcome.Retry(why, response.retryAfter());
    }
    if (status == 413) {
      return new Outcome.TooLarge(why);
    }
    if (status == 400 && !isOfTheConfiguration(why)) {
      return new Outcome.Rejected(why);
    }
    if (status != 429 && status < 500) {
      output.receiver().operatorMustAct(why);
    }
    return new Outcome.Retry(why, response.retryAfter());
  }

  /** The answer's start, as far as it came: the status alone says most. */
  private static String excerpt(HttpResponse response) throws InterruptedIOException {
    try {
      return cut(response.excerpt(MOST_EXCERPT).replaceAll("\\s+", " "));
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      return "";
    }
  }

  private static String cut(String text) {
    return text.length() > MOST_REASON ? text.substring(0, MOST_REASON) + "..." : text;
  }

  /** Refusals that no single record causes: each would be refused alone, and be lost. */
  private static boolean isOfTheConfiguration(String why) {
    return why.contains("_type") || why.contains("pipeline") || why.contains("unknown parameter");
  }

  private @Nullable Outcome items(HttpResponse response) throws InterruptedIOException {
    told = 0;
    blocked = "";
    ShortStrings text = new ShortStrings(response.body());
    String why = ", but the answer has fewer items than the request";
    try {
      if (answer.read(text, this::item) < 0) {
        allArrived();
        return null;
      }
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      why = unreadable(text, e);
    }
    if (!blocked.isEmpty()) {
      output.receiver().operatorMustAct(blocked);
    } else if (told > 0) {
      output.receiver().works();
    }
    return told == count ? null : new Outcome.Retry(response.host() + " answered 200" + why);
  }

  private static String unreadable(ShortStrings text, IOException e) {
    if (e instanceof HttpFailure) {
      return ", but the answer cannot be read to its end: " + e.getMessage();
    }
    String head = new String(text.head(), StandardCharsets.UTF_8).strip();
    if (head.startsWith("{")) {
      return ", but the answer cannot be read to its end: " + firstLine(e);
    }
    return " with what is no answer to a bulk request: '" + head.replaceAll("\\s+", " ") + "'";
  }

  private static String firstLine(IOException e) {
    String message = String.valueOf(e.getMessage());
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }

  private void allArrived() {
    verdict.arrived(number, count);
    for (int i = 0; i < count && !clashes.isEmpty(); i++) {
      countAside(number[i]);
    }
    output.created(count);
    output.receiver().works();
  }

  private void countAside(int record) {
    if (clashes.of(record) != null) {
      output.movedAside();
    }
  }

  private void item(BulkAnswer.Item item) {
    if (told >= count) {
      return;
    }
    int record = number[told++];
    String why = item.reason();
    String field = item.field();
    boolean again = field != null && clashes.add(record, field, why);
    BulkAnswer.Result result = again ? BulkAnswer.Result.CLASHED : item.result();
    output.item(result, why);
    switch (result) {
      case CREATED, CONFLICT -> {
        verdict.arrived(record);
        countAside(record);
      }
      case RETRY -> verdict.open(why);
      case BLOCKED -> {
        verdict.open(why);
        blocked = why;
      }
      case CLASHED -> output.clashed(String.valueOf(field));
      case REJECTED -> verdict.reject(record, why);
    }
  }

  @Override
  public void close() {
    body.close();
  }
}
