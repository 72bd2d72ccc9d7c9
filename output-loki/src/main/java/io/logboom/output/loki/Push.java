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
import java.util.ArrayDeque;
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
 *
 * <p>What Loki refuses while it writes (a stream's rate, the number of streams, lines far behind
 * their stream) it tells of the last stream of a request alone: of the others it drops lines
 * without a word. So streams that this may happen to have requests of their own ({@link
 * Stream#isAtRisk}), and after one such answer all have. The others are last in turn.
 */
final class Push implements Sender {
  /** A record with more bytes than this begins a request of its own where it does not fit. */
  private static final int LARGE = 64 * 1024;

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
  private boolean isReached;
  private String said = "";
  private boolean ofTheLastStream;
  private int turn;
  private boolean isRepeating; // sends what is in again: parts of requests
  private final ArrayDeque<int[]> again = new ArrayDeque<>();
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
    long most = output.mostBytes();
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
    long now = output.nowSecond();
    entries.sort(turn++, output.hasEachStreamAlone(now), now, tenant);
    boolean free = true;
    for (int from = 0; free && from < entries.count(); ) {
      int to = entries.endOfRequest(from);
      free = request(from, to, now);
      from = to;
    }
    clear();
    if (isRepeating) {
      return free; // the one that has this sent goes on
    }
    isRepeating = true;
    try {
      while (free && !again.isEmpty()) {
        free = part(again.removeFirst());
      }
      return free;
    } finally {
      again.clear();
      isRepeating = false;
    }
  }

  /**
   * Sends the entries at these places.
   *
   * @return whether others may follow
   */
  private boolean request(int from, int to, long now) throws InterruptedException {
    Outcome whole = exchange(from, to);
    return switch (whole) {
      case Outcome.Delivered _ -> {
        entries.taken(from, to, now, tenant);
        for (int place = from; place < to; place++) {
          verdict.arrived(entries.number(entries.inOrder(place)));
        }
        output.taken();
        yield true;
      }
      case Outcome.Retry retry -> {
        verdict.open(retry);
        if (!ofTheLastStream) {
          yield false;
        }
        // That one waits, alone.
        for (int end = entries.startOfStream(to - 1); from < end; ) {
          int start = entries.startOfStream(end - 1);
          again.addFirst(entries.numbers(start, end));
          end = start;
        }
        yield true;
      }
      case Outcome.TooLarge large -> {
        if (to - from == 1) {
          verdict.reject(entries.number(entries.inOrder(from)), large.why());
          yield true;
        }
        output.receiver().tooLarge(entries.bytes(from, to), large.why());
        yield halves(entries.numbers(from, to), large.why());
      }
      case Outcome.Rejected refused -> refused(from, to, refused.why());
      default -> throw new IllegalStateException("no outcome of a request: " + whole);
    };
  }

  /** Takes out the lines that the answer names. */
  private boolean refused(int from, int to, String why) {
    Refusals refusals = new Refusals(said, entries, output.nowSecond());
    int[] left = new int[to - from];
    int count = 0;
    for (int place = from; place < to; place++) {
      int entry = entries.inOrder(place);
      String own = refusals.why(entry);
      if (own == null) {
        left[count++] = entries.number(entry);
      } else {
        verdict.reject(entries.number(entry), cut("400: " + own));
      }
    }
    if (count < left.length) {
      again.add(sorted(left, count));
      return count == 0 || verdict.mayRepeat(1, why);
    }
    if (count == 1) {
      verdict.suspect(left[0], why);
      return !verdict.isHopeless();
    }
    return halves(sorted(left, count), why);
  }

  private static int[] sorted(int[] numbers, int count) {
    int[] own = Arrays.copyOf(numbers, count);
    Arrays.sort(own);
    return own;
  }

  private boolean halves(int[] numbers, String why) {
    int middle = numbers.length / 2;
    again.addFirst(Arrays.copyOfRange(numbers, middle, numbers.length));
    again.addFirst(Arrays.copyOfRange(numbers, 0, middle));
    return verdict.mayRepeat(2, why);
  }

  // ---- one request

  private Outcome exchange(int from, int to) throws InterruptedException {
    ofTheLastStream = false;
    said = "";
    Segments segments = body.write(entries, from, to);
    output.sending(body.plainLength(), segments.length());
    try (HttpResponse response = output.client().send(output.request(segments, tenant))) {
      return judge(response, entries.bytes(from, to), to - from);
    } catch (InterruptedIOException e) {
      Thread.interrupted();
      throw new InterruptedException(e.getMessage());
    } catch (HttpFailure e) {
      isReached = false;
      output.answered(0);
      return e.retry();
    }
  }

  private Outcome judge(HttpResponse response, long bytes, int lines)
      throws InterruptedIOException {
    int status = response.status();
    output.answered(status);
    if (status == 204) {
      return Outcome.DELIVERED;
    }
    if (status < 300) {
      return new Outcome.Retry(notLoki(response));
    }
    said = text(response);
    String why = cut(response.host() + " answered " + status + (said.isEmpty() ? "" : ": " + said));
    boolean tooLarge = Refusals.isOfTheSize(said);
    if (status == 413 || (tooLarge && lines > 1)) {
      return new Outcome.TooLarge(why);
    }
    if (Refusals.isOfTheLastStream(said)) {
      ofTheLastStream = true;
      output.haveEachStreamAlone();
    }
    if (status == 400 || status == 422 || tooLarge) {
      if (!Refusals.isOfTheConfiguration(said)) {
        return new Outcome.Rejected(why);
      }
      output.receiver().operatorMustAct(why);
      return new Outcome.Retry(why);
    }
    if (status == 429) {
      output.limited(said, bytes);
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
    entries.close();
    encoder.close();
  }
}
