package io.logboom.output.elasticsearch;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Outcome;
import io.logboom.net.http.HttpFailure;
import io.logboom.net.http.HttpRequest;
import io.logboom.net.http.HttpResponse;
import io.logboom.net.http.Segments;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One send: records to requests of bounded size, answers to a verdict on each record. One thread at
 * a time; used again and again, with the buffers that it has.
 */
final class Bulk implements AutoCloseable {
  private static final int MOST_EXCERPT = 2048;

  private final Elasticsearch output;
  private final ElasticsearchEncoder encoder;
  private final BulkBody body;
  private final BulkAnswer answer;
  private final Verdict verdict = new Verdict();

  // The records in the request that is being made, by their numbers in the send.
  private int[] number = new int[1024];
  private int count;
  private int settled;
  private String blocked = "";

  Bulk(Elasticsearch output, ElasticsearchEncoder encoder, BulkBody body, BulkAnswer answer) {
    this.output = output;
    this.encoder = encoder;
    this.body = body;
    this.answer = answer;
  }

  Outcome send(List<Batch> batches) throws InterruptedException {
    verdict.clear();
    clear();
    try {
      long now = output.nowNanos();
      int base = 0;
      boolean first = true;
      for (Batch batch : batches) {
        encoder.begin(batch, now);
        for (int i = 0; i < batch.size(); i++) {
          if (!batch.isDropped(i)) {
            add(batch, i, base + i);
            if (body.plainLength() >= output.mostBytes()) {
              Outcome whole = request();
              if (whole != null) {
                if (first && (whole instanceof Outcome.Retry || isLast(batches, base + i))) {
                  return whole;
                }
                if (!spread(whole, batches)) {
                  return verdict.outcome();
                }
              }
              first = false;
            }
          }
        }
        base += batch.size();
      }
      if (count > 0) {
        Outcome whole = request();
        if (whole != null) {
          if (first) {
            return whole;
          }
          spread(whole, batches);
        }
      }
      return verdict.outcome();
    } finally {
      clear();
    }
  }

  private static boolean isLast(List<Batch> batches, int record) {
    int base = 0;
    for (Batch batch : batches) {
      for (int i = 0; i < batch.size(); i++) {
        if (base + i > record && !batch.isDropped(i)) {
          return false;
        }
      }
      base += batch.size();
    }
    return true;
  }

  private void add(Batch batch, int record, int as) {
    if (!encoder.encode(batch, record, body.sink())) {
      verdict.reject(as, "the record has no value for id_key, and the operation needs an id");
      return;
    }
    if (count == number.length) {
      number = Arrays.copyOf(number, count * 2);
    }
    number[count++] = as;
  }

  /**
   * Takes an outcome of one of several requests as that of its records.
   *
   * @return whether it makes sense to go on with the next request; where not, all records that
   *     follow are to be sent again
   */
  private boolean spread(Outcome whole, List<Batch> batches) {
    String why =
        switch (whole) {
          case Outcome.Retry retry -> {
            verdict.notBefore(retry.notBefore());
            yield retry.why();
          }
          case Outcome.TooLarge large -> large.why();
          default -> throw new IllegalStateException("no outcome of a request: " + whole);
        };
    for (int i = 0; i < count; i++) {
      verdict.retry(number[i], why);
    }
    boolean goOn = whole instanceof Outcome.TooLarge;
    if (!goOn && count > 0) {
      rest(batches, number[count - 1] + 1, why);
    }
    clear();
    return goOn;
  }

  private void rest(List<Batch> batches, int from, String why) {
    int base = 0;
    for (Batch batch : batches) {
      for (int i = Math.max(0, from - base); i < batch.size(); i++) {
        if (!batch.isDropped(i)) {
          verdict.retry(base + i, why);
        }
      }
      base += batch.size();
    }
  }

  private void clear() {
    body.clear();
    count = 0;
  }

  /**
   * Sends what was gathered. Where the answer is about single items the verdict has them, and the
   * next request may be gathered.
   *
   * @return null then, else the outcome of all records of the request
   */
  private @Nullable Outcome request() throws InterruptedException {
    long plain = body.plainLength();
    Segments segments = body.finish();
    output.sending(plain, segments.length());
    HttpRequest request = output.request(segments);
    try (HttpResponse response = output.client().send(request)) {
      Outcome whole = judge(response);
      if (whole == null) {
        clear();
      }
      return whole;
    } catch (InterruptedIOException e) {
      Thread.interrupted();
      throw new InterruptedException(e.getMessage());
    } catch (HttpFailure e) {
      output.answered(0);
      return new Outcome.Retry(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return new Outcome.Retry(e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  private @Nullable Outcome judge(HttpResponse response) throws IOException {
    int status = response.status();
    output.answered(status);
    if (status == 200 || status == 201) {
      items(response);
      return null;
    }
    String why = response.host() + " answered " + status + ": " + response.excerpt(MOST_EXCERPT);
    if (why.length() > 600) {
      why = why.substring(0, 600) + "...";
    }
    if (status == 413) {
      return new Outcome.TooLarge(why);
    }
    if (status == 400 && !isOfTheConfiguration(why)) {
      // Some record makes the request unreadable; halving finds which.
      return new Outcome.TooLarge(why);
    }
    if (status != 429 && status < 500) {
      output.operatorMustAct(why);
    }
    return new Outcome.Retry(why, response.retryAfter());
  }

  /** Refusals that no single record causes: each would be refused alone, and be lost. */
  private static boolean isOfTheConfiguration(String why) {
    return why.contains("_type") || why.contains("pipeline") || why.contains("unknown parameter");
  }

  private void items(HttpResponse response) throws InterruptedIOException {
    settled = 0;
    blocked = "";
    String why = "the answer has fewer items than the request";
    try {
      int told = answer.read(response.body(), this::item);
      if (told < 0) {
        output.created(count);
        output.works();
        return;
      }
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      why = response.host() + ": the answer cannot be read to its end: " + e.getMessage();
    }
    // What was not told of is unknown, and unknown is not success.
    for (int i = settled; i < count; i++) {
      verdict.retry(number[i], why);
    }
    if (blocked.isEmpty()) {
      output.works();
    } else {
      output.operatorMustAct(blocked);
    }
  }

  private void item(int index, BulkAnswer.Result result, @Nullable String reason) {
    if (index >= count) {
      return;
    }
    settled = index + 1;
    output.item(result, reason);
    String why = reason == null ? "" : reason;
    switch (result) {
      case CREATED, CONFLICT -> {
        // It is there.
      }
      case RETRY -> verdict.retry(number[index], why);
      case BLOCKED -> {
        verdict.retry(number[index], why);
        blocked = why;
      }
      case REJECTED -> verdict.reject(number[index], why);
    }
  }

  @Override
  public void close() {
    body.close();
  }
}
