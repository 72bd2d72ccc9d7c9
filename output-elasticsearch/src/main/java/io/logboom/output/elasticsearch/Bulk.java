package io.logboom.output.elasticsearch;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Numbered;
import io.logboom.api.plugin.Outcome;
import io.logboom.net.body.Body;
import io.logboom.net.body.Segments;
import io.logboom.net.send.Halving;
import io.logboom.net.send.Sender;
import io.logboom.net.send.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One send: records to requests of bounded size, answers to a verdict on each record. One thread at
 * a time; used again and again.
 *
 * <p>A request that is refused as a whole, for its size (413) or because something in it cannot be
 * read (400), is sent again in halves, at once, until what is refused is a single record. A
 * document that is refused for the type of a field is sent again at once without it, where it is so
 * configured.
 */
final class Bulk implements Sender {
  /** A record with more bytes than this begins a request of its own where it does not fit. */
  private static final int LARGE = 64 * 1024;

  private final Elasticsearch output;
  private final ElasticsearchEncoder encoder;
  private final Verdict verdict;
  private final Clashes clashes;
  private final BulkRequest request;
  private final Halving halving;
  private final Numbered records = new Numbered();
  private @Nullable Batch begun;
  private long nowNanos;

  Bulk(Elasticsearch output, ElasticsearchEncoder encoder, Body body, BulkAnswer answer) {
    this.output = output;
    this.encoder = encoder;
    this.verdict = new Verdict();
    this.clashes = new Clashes();
    this.request = new BulkRequest(output, encoder, body, answer, verdict, clashes);
    this.halving = new Halving(verdict, output.receiver(), this::part);
  }

  @Override
  public Outcome send(List<Batch> batches) throws InterruptedException {
    verdict.clear();
    records.reset(batches);
    nowNanos = output.nowNanos();
    expect(batches);
    try {
      if (all(batches)) {
        aside();
      }
      String refused = verdict.judgeSuspects(output.receiver().hasWorked());
      if (!refused.isEmpty()) {
        output.receiver().operatorMustAct(refused);
      }
      output.repaired(verdict.repairedArrivals());
      return verdict.outcome();
    } finally {
      request.clear();
      clashes.clear();
      records.reset(List.of());
      begun = null;
    }
  }

  private void expect(List<Batch> batches) {
    int first = 0;
    for (Batch batch : batches) {
      verdict.expect(first, batch.size());
      for (int i = 0; i < batch.size(); i++) {
        if (batch.isDropped(i)) {
          verdict.leaveOut(first + i);
        }
      }
      first += batch.size();
    }
  }

  // The methods below tell whether it makes sense to go on. Where it does not, what is still open
  // is sent again later.

  private boolean all(List<Batch> batches) throws InterruptedException {
    int first = 0;
    for (Batch batch : batches) {
      for (int i = 0; i < batch.size(); i++) {
        if (!batch.isDropped(i) && !add(batch, i, first + i)) {
          return false;
        }
      }
      first += batch.size();
    }
    return flush();
  }

  /** Sends what was refused for the types of fields again, without these. */
  private boolean aside() throws InterruptedException {
    for (int[] again = clashes.take(); again.length > 0; again = clashes.take()) {
      if (!part(again)) {
        return false;
      }
    }
    return true;
  }

  private boolean part(int[] numbers) throws InterruptedException {
    for (int n : numbers) {
      if (!add(n)) {
        return false;
      }
    }
    return flush();
  }

  private boolean add(int n) throws InterruptedException {
    Batch batch = records.batch(n);
    return add(batch, records.index(n), n);
  }

  /**
   * Adds a record, the send's {@code n}th, to the request, which is sent before where it is full.
   */
  private boolean add(Batch batch, int record, int n) throws InterruptedException {
    long length = request.plainLength();
    long most = output.receiver().mostBytes();
    boolean full =
        length >= most || (batch.length(record) > LARGE && length + batch.length(record) > most);
    if (full && !request.isEmpty() && !flush()) {
      return false;
    }
    if (begun != batch) {
      begun = batch;
      encoder.begin(batch, nowNanos);
    }
    try {
      request.add(batch, record, n);
      return true;
    } catch (Segments.FullException e) {
      int[] before = request.numbers();
      request.clear();
      if (before.length == 0) {
        verdict.reject(n, "the document is larger than this agent can send: " + e.getMessage());
        return true;
      }
      return part(before) && add(n);
    }
  }

  private boolean flush() throws InterruptedException {
    if (request.isEmpty()) {
      return true;
    }
    long bytes = request.plainLength();
    Outcome whole = request.send();
    int[] numbers = whole == null ? new int[0] : request.numbers();
    request.clear();
    return whole == null || halving.failed(whole, numbers, bytes);
  }

  @Override
  public void close() {
    request.close();
  }
}
