package io.logboom.output.forward;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Outcome;
import io.logboom.net.body.Body;
import io.logboom.net.body.Segments;
import io.logboom.net.forward.ForwardConnection;
import io.logboom.net.forward.ForwardFailure;
import io.logboom.net.forward.ForwardFailure.Reason;
import io.logboom.net.msgpack.RecordMsgPack;
import io.logboom.net.send.Groups;
import io.logboom.net.send.Sender;
import io.logboom.net.send.Verdict;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;

/**
 * One send: records to frames, frames to a server, acknowledgements to a verdict on each record.
 * One thread at a time; used again and again.
 */
final class Sending implements Sender {
  private final Forward output;
  private final RecordMsgPack encoder;
  private final FrameEnds ends;
  private final Body body;
  private final Groups records;
  private final Verdict verdict = new Verdict();
  private final ArrayDeque<Sent> waiting = new ArrayDeque<>();
  private int frameRecords;
  private boolean acknowledged;

  /** A frame that is not acknowledged yet: the records from one place to another. */
  private record Sent(String id, int from, int to) {}

  Sending(Forward output, RecordMsgPack encoder, FrameEnds ends, Body body, Groups records) {
    this.output = output;
    this.encoder = encoder;
    this.ends = ends;
    this.body = body;
    this.records = records;
  }

  @Override
  public Outcome send(List<Batch> batches) throws InterruptedException {
    verdict.clear();
    records.sort(batches);
    try {
      for (int place = 0; place < records.live(); place++) {
        verdict.expect(records.number(place));
      }
      if (records.live() > 0 && !attempt()) {
        attempt();
      }
      return verdict.outcome();
    } finally {
      records.clear();
      encoder.clear();
    }
  }

  /**
   * Sends what is open, on one connection.
   *
   * @return false where the connection was a kept one that the server had closed before, and
   *     another is worth a try at once
   */
  private boolean attempt() throws InterruptedException {
    ForwardConnection connection;
    try {
      connection = output.client().take();
    } catch (ForwardFailure e) {
      verdict.open(Outcome.Retry.unreached(String.valueOf(e.getMessage())));
      output.failed(e);
      return true;
    }
    acknowledged = false;
    boolean settled = false;
    try {
      frames(connection);
      acks(connection);
      settled = true;
      output.client().give(connection);
      output.works();
      return true;
    } catch (ForwardFailure e) {
      settled = true;
      if (e.reason() == Reason.CLOSED && connection.isReused() && !acknowledged) {
        output.client().stale(connection);
        return false;
      }
      output.client().fail(connection, e);
      failed(e);
      return true;
    } finally {
      output.waiting(-waiting.size());
      waiting.clear();
      body.clear();
      if (!settled) {
        output.client().abandon(connection);
      }
    }
  }

  private void failed(ForwardFailure e) {
    verdict.open(String.valueOf(e.getMessage()));
    output.failed(e);
  }

  private void frames(ForwardConnection connection) throws ForwardFailure, InterruptedException {
    for (int tag = 0; tag < records.count(); tag++) {
      int first = records.from(tag);
      int last = records.to(tag);
      frameRecords = 0;
      for (int place = first; place < last; place++) {
        int number = records.number(place);
        if (!verdict.isOpen(number)) {
          continue;
        }
        Batch batch = records.batch(number);
        long bytes = encoder.measure(batch, records.index(number));
        if (bytes + ends.most(tag(tag)) > output.mostBytes()) {
          verdict.reject(
              number,
              "the record takes "
                  + (bytes + ends.most(tag(tag)))
                  + " bytes in a frame of its own, more than max_frame_size");
          continue;
        }
        if (frameRecords > 0 && body.plainLength() + bytes > output.frameBytes()) {
          flush(connection, tag, first, place);
          first = place;
        }
        encoder.write(batch, body.sink());
        frameRecords++;
        if (encoder.hasMovedTime()) {
          output.movedTime();
        }
      }
      if (frameRecords > 0) {
        flush(connection, tag, first, last);
      }
    }
  }

  private byte[] tag(int of) {
    return records.key(of);
  }

  /** Sends the frame, which has the open records between two places. */
  private void flush(ForwardConnection connection, int tag, int from, int to)
      throws ForwardFailure, InterruptedException {
    long plain = body.plainLength();
    Segments payload = body.finish();
    String id = ends.newId();
    byte[] head = ends.head(tag(tag), payload.length());
    byte[] tail = ends.tail(frameRecords, id);
    connection.send(head, payload, tail);
    output.sent(plain + head.length + tail.length, payload.length() + head.length + tail.length);
    body.clear();
    frameRecords = 0;
    if (output.wantsAcks()) {
      waiting.addLast(new Sent(id, from, to));
      output.waiting(1);
    } else if (connection.hasUnread()) {
      // Nobody asked: it says why it does not take what was sent.
      String said = connection.ack(System.nanoTime(), output.ackNanos());
      throw new ForwardFailure(
          Reason.WRONG_ACK, connection.peer() + " acknowledged '" + shown(said) + "' unasked");
    } else {
      arrived(from, to);
    }
  }

  private void arrived(int from, int to) {
    for (int place = from; place < to; place++) {
      verdict.arrived(records.number(place));
    }
  }

  private void acks(ForwardConnection connection) throws ForwardFailure, InterruptedException {
    long since = System.nanoTime();
    while (!waiting.isEmpty()) {
      String id = connection.ack(since, output.ackNanos());
      if (!acknowledge(id)) {
        throw new ForwardFailure(
            Reason.WRONG_ACK,
            connection.peer() + " acknowledged '" + shown(id) + "', which it was not sent");
      }
      acknowledged = true;
      since = System.nanoTime();
    }
  }

  private boolean acknowledge(String id) {
    for (Iterator<Sent> all = waiting.iterator(); all.hasNext(); ) {
      Sent each = all.next();
      if (each.id.equals(id)) {
        all.remove();
        arrived(each.from, each.to);
        output.acknowledged();
        return true;
      }
    }
    return false;
  }

  private static String shown(String id) {
    return id.substring(0, Math.min(id.length(), 64)).replaceAll("[^\\x20-\\x7e]", "?");
  }

  @Override
  public void close() {
    body.close();
  }
}
