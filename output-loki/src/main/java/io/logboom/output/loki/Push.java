package io.logboom.output.loki;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Numbered;
import io.logboom.api.plugin.Outcome;
import io.logboom.net.body.Arena;
import io.logboom.net.body.Segments;
import io.logboom.net.http.HttpFailure;
import io.logboom.net.http.HttpResponse;
import io.logboom.net.send.Sender;
import io.logboom.net.send.Verdict;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One send: records to requests of bounded size, answers to a verdict on each record. One thread at
 * a time; used again and again.
 *
 * <p>Where Loki refuses lines of a request, those that its answer names for certain are rejected,
 * and the others are sent again at once: Loki drops a line that it has already. Where the answer
 * names none, the request is sent again in halves, until what is refused is a single record.
 */
final class Push implements Sender {
  /** A record with more bytes than this begins a request of its own where it does not fit. */
  private static final int LARGE = 64 * 1024;

  /** Requests that one send may make beyond those that its size calls for. */
  private static final int MOST_SPLITS = 256;

  private static final int MOST_TEXT = 64 * 1024;
  private static final int MOST_REASON = 600;

  private final Loki output;
  private final LokiEncoder encoder;
  private final Entries entries;
  private final PushBody body;
  private final Tenants tenants;
  private final Verdict verdict = new Verdict();
  private final Numbered records = new Numbered();
  private @Nullable Batch begun;
  private long oldestNanos;
  private int splits;
  private boolean isReached;
  private Tenants.Tenant tenant;

  Push(Loki output, LokiEncoder encoder, Entries entries, PushBody body, Tenants tenants) {
    this.output = output;
    this.encoder = encoder;
    this.entries = entries;
    this.body = body;
    this.tenants = tenants;
    this.tenant = tenants.usual();
  }

  @Override
  public Outcome send(List<Batch> batches) throws InterruptedException {
    verdict.clear();
    records.reset(batches);
    splits = 0;
    isReached = true;
    oldestNanos = output.oldestNanos();
    int expired = expect(batches);
    try {
      for (Tenants.Tenant each : tenants.present()) {
        tenant = each;
        // One tenant's limits are not another's.
        if (isReached) {
          all(batches);
        }
        clear();
      }
      String refused = verdict.judgeSuspects(output.receiver().hasWorked());
      if (!refused.isEmpty()) {
        output.receiver().operatorMustAct(refused);
      }
      output.lines(verdict.accepted(), verdict.rejections() - expired, expired);
      return verdict.outcome();
    } finally {
      clear();
      encoder.trim();
      records.reset(List.of());
      begun = null;
    }
  }

  /** Looks at what there is to send, and rejects what is too old. */
  private int expect(List<Batch> batches) {
    tenants.clear();
    int expired = 0;
    int n = 0;
    for (Batch batch : batches) {
      for (int i = 0; i < batch.size(); i++, n++) {
        if (batch.isDropped(i)) {
          continue;
        }
        verdict.expect(n);
        if (batch.epochNanos(i) < oldestNanos) {
          verdict.reject(n, output.tooOld(batch.epochNanos(i)));
          expired++;
        } else {
          tenants.add(batch, i, n);
        }
      }
    }
    return expired;
  }

  // The methods below tell whether it makes sense to go on. Where it does not, what is still open
  // is sent again later.

  private boolean all(List<Batch> batches) throws InterruptedException {
    int n = 0;
    for (Batch batch : batches) {
      for (int i = 0; i < batch.size(); i++, n++) {
        if (!batch.isDropped(i)
            && batch.epochNanos(i) >= oldestNanos
            && tenants.isOf(tenant, n)
            && !add(batch, i, n)) {
          return false;
        }
      }
    }
    return flush();
  }

  private boolean part(int[] numbers) throws InterruptedException {
    for (int n : numbers) {
      Batch batch = records.batch(n);
      if (!add(batch, records.index(n), n)) {
        return false;
      }
    }
    return flush();
  }

  /**
   * Adds a record, the send's {@code n}th, to the request, which is sent before where it is full.
   */
  private boolean add(Batch batch, int record, int n) throws InterruptedException {
    long length = entries.bytes();
    long most = output.receiver().mostBytes();
    boolean full =
        length >= most || (batch.length(record) > LARGE && length + batch.length(record) > most);
    if (full && !entries.isEmpty() && !flush()) {
      return false;
    }
    if (begun != batch) {
      begun = batch;
      encoder.begin(batch);
    }
    try {
      encoder.encode(batch, record, n);
      return true;
    } catch (Arena.FullException e) {
      int[] before = entries.numbers();
      clear();
      if (before.length == 0) {
        verdict.reject(n, "the line is larger than this agent can send: " + e.getMessage());
        return true;
      }
      return part(before) && add(batch, record, n);
    }
  }

  private void clear() {
    entries.clear();
    body.clear();
  }

  private boolean flush() throws InterruptedException {
    if (entries.isEmpty()) {
      return true;
    }
    long bytes = entries.bytes();
    Outcome whole = exchange();
    return switch (whole) {
      case Outcome.Delivered _ -> {
        for (int i = 0; i < entries.count(); i++) {
          verdict.arrived(entries.number(i));
        }
        output.receiver().works();
        clear();
        yield true;
      }
      case Outcome.Retry retry -> {
        clear();
        verdict.open(retry);
        yield false;
      }
      case Outcome.TooLarge large -> {
        int[] numbers = entries.numbers();
        clear();
        if (numbers.length == 1) {
          verdict.reject(numbers[0], large.why());
          yield true;
        }
        output.receiver().tooLarge(bytes, large.why());
        yield halves(numbers, large.why());
      }
      case Outcome.Rejected refused -> refused(refused.why());
      default -> throw new IllegalStateException("no outcome of a request: " + whole);
    };
  }

  /** Takes out the lines that the answer names. */
  private boolean refused(String text) throws InterruptedException {
    String why = cut(text);
    Refusals refusals = new Refusals(text, output.nowSecond());
    int[] numbers = entries.numbers();
    int[] left = new int[numbers.length];
    int count = 0;
    for (int i = 0; i < numbers.length; i++) {
      String own = refusals.why(entries, i);
      if (own == null) {
        left[count++] = numbers[i];
      } else {
        verdict.reject(numbers[i], cut("400: " + own));
      }
    }
    clear();
    if (count < numbers.length) {
      return more(1, why) && part(Arrays.copyOf(left, count));
    }
    if (numbers.length == 1) {
      verdict.suspect(numbers[0], why);
      return !verdict.isHopeless();
    }
    return halves(numbers, why);
  }

  private boolean halves(int[] numbers, String why) throws InterruptedException {
    if (!more(2, why)) {
      return false;
    }
    int middle = numbers.length / 2;
    return part(Arrays.copyOfRange(numbers, 0, middle))
        && part(Arrays.copyOfRange(numbers, middle, numbers.length));
  }

  /** Whether the send may make so many more requests. */
  private boolean more(int requests, String why) {
    splits += requests;
    if (splits > MOST_SPLITS) {
      verdict.open(why);
      return false;
    }
    return true;
  }

  // ---- one request

  private Outcome exchange() throws InterruptedException {
    entries.sort();
    Segments segments = body.write(entries);
    output.sending(body.plainLength(), segments.length());
    try (HttpResponse response = output.client().send(output.request(segments, tenant))) {
      return judge(response);
    } catch (InterruptedIOException e) {
      Thread.interrupted();
      throw new InterruptedException(e.getMessage());
    } catch (HttpFailure e) {
      isReached = false;
      output.answered(0);
      return e.retry();
    }
  }

  private Outcome judge(HttpResponse response) throws InterruptedIOException {
    int status = response.status();
    output.answered(status);
    if (status == 204) {
      return Outcome.DELIVERED;
    }
    if (status < 300) {
      return new Outcome.Retry(notLoki(response));
    }
    String text = text(response);
    String why = cut(response.host() + " answered " + status + (text.isEmpty() ? "" : ": " + text));
    boolean tooLarge =
        text.contains("message larger than max") || text.contains("request body too large");
    if (status == 413 || (tooLarge && entries.count() > 1)) {
      return new Outcome.TooLarge(why);
    }
    if (status == 400 || status == 422) {
      if (!Refusals.isOfTheConfiguration(text)) {
        return new Outcome.Rejected(
            text.isEmpty() ? why : response.host() + " answered " + status + ": " + text);
      }
      output.receiver().operatorMustAct(why);
      return new Outcome.Retry(why);
    }
    if (status == 429) {
      output.limited(text, entries.bytes());
    } else if (status < 500) {
      output.receiver().operatorMustAct(why);
    }
    return new Outcome.Retry(why, response.retryAfter());
  }

  /** A success that is not Loki's: the login page of a proxy, say, which has kept nothing. */
  private String notLoki(HttpResponse response) throws InterruptedIOException {
    String why = response.host() + " answered " + response.status() + " where Loki answers 204";
    try {
      String text = response.excerpt(MOST_TEXT);
      why = cut(text.isEmpty() ? why : why + ": '" + text + "'");
      output.receiver().operatorMustAct(why);
      return why;
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      return why + ", and cannot be read to its end: " + e.getMessage();
    }
  }

  /** The answer's start, as far as it came: the status alone says most. */
  private static String text(HttpResponse response) throws InterruptedIOException {
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

  /** For reasons: a line's time. */
  static String time(long epochNanos) {
    return Instant.ofEpochSecond(
            Math.floorDiv(epochNanos, 1_000_000_000L), Math.floorMod(epochNanos, 1_000_000_000L))
        .toString();
  }

  @Override
  public void close() {
    body.close();
  }
}
