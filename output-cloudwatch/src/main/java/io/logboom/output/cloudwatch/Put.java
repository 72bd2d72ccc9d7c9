package io.logboom.output.cloudwatch;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Numbered;
import io.logboom.api.json.ByteSink;
import io.logboom.api.plugin.Outcome;
import io.logboom.net.body.Arena;
import io.logboom.net.body.Body;
import io.logboom.net.body.Segments;
import io.logboom.net.send.Sender;
import io.logboom.net.send.Verdict;
import io.logboom.output.cloudwatch.Api.Action;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * One send: records to requests within the service's rules, answers to a verdict on each record.
 * One thread at a time; used again and again.
 *
 * <p>The records go stream by stream, in the order of their times. Where a request does not get
 * through, what follows of its stream waits for it, so that events of one time stay in their order;
 * other streams go on, unless it is the service that asks for patience. Where a request is refused
 * as a whole it is sent again in halves, until what is refused is a single event.
 */
final class Put implements Sender {
  /** How often a request goes out whose stream is missing, or was created a moment ago. */
  private static final int MOST_TRIES = 3;

  /** So many streams that are refused, and nothing accepted: the others would be too. */
  private static final int MOST_REFUSED = 8;

  private static final int MOST_MEMBERS = RequestRules.MOST_EVENTS;

  private final CloudWatch output;
  private final Destinations destinations;
  private final EventText text;
  private final Body body;
  private final Plan plan = new Plan();
  private final RequestRules rules = new RequestRules();
  private final Verdict verdict = new Verdict();
  private final Numbered records = new Numbered();
  private int[] members = new int[256];
  private int refusals;
  private boolean isOver;

  Put(CloudWatch output, Destinations destinations, EventText text, Body body) {
    this.output = output;
    this.destinations = destinations;
    this.text = text;
    this.body = body;
  }

  @Override
  public Outcome send(List<Batch> batches) throws InterruptedException {
    verdict.clear();
    records.reset(batches);
    refusals = 0;
    isOver = false;
    try {
      expect(batches);
      plan.sort();
      for (int i = 0; i < plan.streams() && !isOver; i++) {
        var _ = range(plan.stream(i), plan.from(i), plan.to(i));
      }
      int before = verdict.rejections();
      String refused = verdict.judgeSuspects(output.receiver().hasWorked());
      output.count(CloudWatch.Result.REFUSED, verdict.rejections() - before);
      if (!refused.isEmpty()) {
        output.receiver().operatorMustAct(refused);
      }
      if (refusals == 0 && refused.isEmpty() && verdict.accepted() > 0) {
        output.receiver().works();
      }
      return verdict.outcome();
    } finally {
      body.clear();
      plan.clear();
      text.trim();
      destinations.trim();
      records.reset(List.of());
    }
  }

  private void expect(List<Batch> batches) {
    int n = 0;
    for (Batch batch : batches) {
      destinations.begin(batch);
      for (int i = 0; i < batch.size(); i++, n++) {
        if (batch.isDropped(i)) {
          continue;
        }
        verdict.expect(n);
        if (batch.epochNanos(i) < 0) {
          reject(n, CloudWatch.Result.TOO_OLD, "the event is from before 1970");
        } else {
          plan.add(n, destinations.of(batch, i), batch.epochNanos(i));
        }
      }
    }
  }

  // The methods below tell whether it makes sense to go on with the stream. Where it does not, what
  // is still open is sent again later.

  /** Sends what is open of the places {@code [from, to)} of the plan. */
  private boolean range(Destination stream, int from, int to) throws InterruptedException {
    begin();
    int first = from;
    for (int place = from; place < to; place++) {
      int n = plan.record(place);
      if (!verdict.isOpen(n) || !read(n)) {
        continue;
      }
      long millis = plan.nanos(place) / 1_000_000;
      if (!rules.takes(millis, text.length())) {
        if (!flush(stream, first, place)) {
          return false;
        }
        begin();
        first = place;
        var _ = read(n);
      }
      add(stream, n, millis);
    }
    return rules.isEmpty() || flush(stream, first, to);
  }

  /** Reads a record's text; settles the record and tells false where there is nothing to send. */
  private boolean read(int n) {
    Batch batch = records.batch(n);
    try {
      EventText.Kind kind = text.read(batch, records.index(n));
      switch (kind) {
        case TEXT -> {
          return true;
        }
        case EMPTY -> {
          verdict.leaveOut(n);
          output.count(CloudWatch.Result.EMPTY, 1);
        }
        case MISSING -> reject(n, CloudWatch.Result.NO_LOG_KEY, output.hasNoLogKey());
        case OVERSIZE ->
            reject(
                n,
                CloudWatch.Result.OVERSIZE,
                "the event has "
                    + text.wholeLength()
                    + " bytes of text, more than max_event_size takes");
      }
    } catch (Arena.FullException e) {
      reject(
          n,
          CloudWatch.Result.OVERSIZE,
          "the event is larger than this agent can send: " + e.getMessage());
    }
    return false;
  }

  private void reject(int n, CloudWatch.Result result, String why) {
    verdict.reject(n, why);
    output.count(result, 1);
  }

  // ---- one request

  private void begin() {
    rules.clear(output.receiver().mostBytes());
    body.clear();
  }

  private void add(Destination stream, int n, long millis) {
    ByteSink out = body.sink();
    if (rules.isEmpty()) {
      out.put((byte) '{');
      out.put(stream.json(), 0, stream.json().length);
      String token = stream.token;
      if (token != null) {
        out.putAscii(",\"sequenceToken\":\"");
        Destination.put(token, out);
        out.put((byte) '"');
      }
      out.putAscii(",\"logEvents\":[");
    } else {
      out.put((byte) ',');
    }
    if (rules.events() == members.length) {
      members = Arrays.copyOf(members, Math.min(MOST_MEMBERS, 4 * members.length));
    }
    members[rules.events()] = n;
    rules.add(millis, text.length());
    out.putAscii("{\"timestamp\":");
    out.putDecimal(millis);
    out.putAscii(",\"message\":\"");
    text.write(out);
    out.putAscii("\"}");
    output.encoded(text.wasCut(), text.hasRepaired());
  }

  /**
   * Sends the request.
   *
   * @param from the places that it was made of
   */
  private boolean flush(Destination stream, int from, int to) throws InterruptedException {
    body.sink().putAscii("]}");
    Segments segments = body.finish();
    Answer answer = Answer.of(Answer.Kind.NOT_FOUND, "");
    for (int tries = 0; tries < MOST_TRIES && answer.kind() == Answer.Kind.NOT_FOUND; tries++) {
      if (tries > 0) {
        Answer created = output.creator().create(stream);
        if (created.kind() == Answer.Kind.NO_GROUP && output.hasManyGroups()) {
          return hasNoGroup(stream, created.why());
        }
        if (created.kind() != Answer.Kind.OK) {
          return failed(created);
        }
      }
      output.sending(body.plainLength(), segments.length());
      answer = output.api().call(Action.PUT_LOG_EVENTS, segments);
    }
    return switch (answer.kind()) {
      case OK -> taken(stream, Rejected.of(answer.body()));
      case HAD -> taken(stream, Rejected.of(""));
      case TOKEN -> {
        String token = Rejected.expectedToken(answer.body());
        stream.token = token;
        yield more(1, answer.why()) && range(stream, from, to);
      }
      case INVALID, TOO_LARGE -> refused(stream, from, to, answer);
      default -> failed(answer);
    };
  }

  private boolean taken(Destination stream, Rejected rejected) {
    if (stream.token != null) {
      stream.token = rejected.nextToken();
    }
    int taken = 0;
    for (int i = 0; i < rules.events(); i++) {
      int n = members[i];
      if (i < rejected.tooOld()) {
        reject(
            n,
            CloudWatch.Result.TOO_OLD,
            time(n) + " is older than CloudWatch Logs takes, 14 days");
      } else if (i < rejected.expired()) {
        reject(n, CloudWatch.Result.EXPIRED, time(n) + " is older than its log group keeps events");
      } else if (i >= rejected.tooNew()) {
        reject(n, CloudWatch.Result.TOO_NEW, time(n) + " is more than 2 hours in the future");
      } else {
        verdict.arrived(n);
        taken++;
      }
    }
    output.count(CloudWatch.Result.ACCEPTED, taken);
    return true;
  }

  private String time(int n) {
    long nanos = records.batch(n).epochNanos(records.index(n));
    return "the event of "
        + Instant.ofEpochSecond(nanos / 1_000_000_000L, nanos % 1_000_000_000L).toString();
  }

  private boolean failed(Answer answer) {
    verdict.open(answer.retry());
    switch (answer.kind()) {
      case AWAY, BUSY -> isOver = true;
      case NOT_FOUND -> {
        // Only this stream waits.
      }
      default -> {
        output.receiver().operatorMustAct(answer.why());
        isOver = ++refusals >= MOST_REFUSED && verdict.accepted() == 0;
      }
    }
    return false;
  }

  /**
   * Records have named a group that nobody made. They are not to hold up the others, and can be
   * sent again when it is there.
   */
  private boolean hasNoGroup(Destination stream, String why) {
    for (int place = plan.from(stream.index); place < plan.to(stream.index); place++) {
      if (verdict.isOpen(plan.record(place))) {
        reject(plan.record(place), CloudWatch.Result.NO_GROUP, why);
      }
    }
    return false;
  }

  /** Sends a request again in halves. */
  private boolean refused(Destination stream, int from, int to, Answer answer)
      throws InterruptedException {
    if (rules.events() == 1) {
      int n = members[0];
      if (answer.kind() == Answer.Kind.TOO_LARGE) {
        reject(n, CloudWatch.Result.REFUSED, answer.why());
        return true;
      }
      verdict.suspect(n, answer.why());
      isOver = verdict.isHopeless();
      return !isOver;
    }
    if (answer.kind() == Answer.Kind.TOO_LARGE) {
      output.receiver().tooLarge(rules.bytes(), answer.why());
    }
    int middle = (from + to) >>> 1;
    return more(2, answer.why()) && range(stream, from, middle) && range(stream, middle, to);
  }

  /** Whether the send may make so many more requests. */
  private boolean more(int requests, String why) {
    isOver = isOver || !verdict.mayRepeat(requests, why);
    return !isOver;
  }

  @Override
  public void close() {
    body.close();
    text.close();
  }
}
