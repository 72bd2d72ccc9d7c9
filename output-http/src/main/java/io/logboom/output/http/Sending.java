package io.logboom.output.http;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Outcome;
import io.logboom.net.body.Segments;
import io.logboom.net.send.Groups;
import io.logboom.net.send.Halving;
import io.logboom.net.send.Receiver;
import io.logboom.net.send.Sender;
import io.logboom.net.send.Verdict;
import java.util.Arrays;
import java.util.List;

/**
 * One send: records to requests of bounded size, by path and tag; answers to a verdict on each
 * record.
 *
 * <p>A request that is refused is sent again in halves, at once, until what is refused is a single
 * record.
 */
final class Sending implements Sender {
  /** A record with more bytes than this begins a request of its own where it does not fit. */
  private static final int LARGE = 64 * 1024;

  private final Http output;
  private final Receiver receiver;
  private final Groups records;
  private final RequestBody body;
  private final Dispatch dispatch;
  private final int mostRecords;
  private final Verdict verdict = new Verdict();
  private final Halving halving;

  // The records in the body, by their numbers in the send.
  private int[] number = new int[1024];
  private int count;
  private int group;

  /**
   * @param mostRecords of one request
   */
  Sending(
      Http output,
      Receiver receiver,
      Groups records,
      RequestBody body,
      Dispatch dispatch,
      int mostRecords) {
    this.output = output;
    this.receiver = receiver;
    this.records = records;
    this.body = body;
    this.dispatch = dispatch;
    this.mostRecords = mostRecords;
    this.halving = new Halving(verdict, receiver, this::part);
  }

  @Override
  public Outcome send(List<Batch> batches) throws InterruptedException {
    verdict.clear();
    dispatch.begin();
    records.sort(batches);
    for (int place = 0; place < records.live(); place++) {
      verdict.expect(records.number(place));
    }
    try {
      for (group = 0; group < records.count(); group++) {
        // A path that is not there says nothing of the others.
        if (dispatch.isReached()) {
          all();
        }
        clear();
      }
      String refused = verdict.judgeSuspects(receiver.hasWorked());
      if (!refused.isEmpty()) {
        receiver.operatorMustAct(refused);
      }
      output.records(verdict.accepted(), verdict.rejections(), verdict.repairedArrivals());
      return verdict.outcome();
    } finally {
      clear();
      records.clear();
      body.forget();
    }
  }

  // The methods below tell whether it makes sense to go on with the group. Where it does not, what
  // is still open is sent again later.

  private boolean all() throws InterruptedException {
    for (int place = records.from(group); place < records.to(group); place++) {
      if (!add(records.number(place))) {
        return false;
      }
    }
    return flush();
  }

  private boolean part(int[] numbers) throws InterruptedException {
    for (int n : numbers) {
      if (!add(n)) {
        return false;
      }
    }
    return flush();
  }

  /** Adds a record to the request, which is sent before where it is full. */
  private boolean add(int n) throws InterruptedException {
    Batch batch = records.batch(n);
    int record = records.index(n);
    long length = body.plainLength();
    long most = receiver.mostBytes();
    boolean full =
        count >= mostRecords
            || length >= most
            || (batch.length(record) > LARGE && length + batch.length(record) > most);
    if (full && count > 0 && !flush()) {
      return false;
    }
    try {
      String why = body.add(batch, record);
      if (why != null) {
        verdict.reject(n, why);
        return true;
      }
    } catch (Segments.FullException e) {
      int[] before = Arrays.copyOf(number, count);
      clear();
      if (before.length == 0) {
        verdict.reject(n, "the record is larger than this agent can send: " + e.getMessage());
        return true;
      }
      return part(before) && add(n);
    }
    if (body.hasRepaired()) {
      verdict.repaired(n);
    }
    if (count == number.length) {
      number = Arrays.copyOf(number, count * 2);
    }
    number[count++] = n;
    return true;
  }

  private void clear() {
    body.clear();
    count = 0;
  }

  private boolean flush() throws InterruptedException {
    if (count == 0) {
      return true;
    }
    long bytes = body.plainLength();
    Batch batch = records.batch(number[0]);
    Outcome whole = dispatch.exchange(body, records.key(group), batch, records.index(number[0]));
    int[] numbers = Arrays.copyOf(number, count);
    clear();
    if (whole instanceof Outcome.Delivered) {
      verdict.arrived(numbers, numbers.length);
      receiver.works();
      return true;
    }
    return halving.failed(whole, numbers, bytes);
  }

  @Override
  public void close() {
    body.close();
  }
}
