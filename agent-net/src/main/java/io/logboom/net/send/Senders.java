package io.logboom.net.send;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** As many senders as send at once, kept for the next time. Safe for all threads. */
public final class Senders implements AutoCloseable {
  private final Supplier<? extends Sender> make;
  private final ArrayDeque<Sender> idle = new ArrayDeque<>();
  private boolean closed;

  /** Makes the first one now, so that the names that it asks for are there before any record. */
  public Senders(Supplier<? extends Sender> make) {
    this.make = make;
    idle.add(make.get());
  }

  /** Has one of them send. */
  public Outcome send(List<Batch> batches) throws InterruptedException {
    Sender sender = take();
    try {
      return sender.send(batches);
    } finally {
      giveBack(sender);
    }
  }

  private Sender take() {
    synchronized (idle) {
      Sender last = idle.pollLast();
      if (last != null) {
        return last;
      }
    }
    return make.get();
  }

  private void giveBack(Sender sender) {
    synchronized (idle) {
      if (!closed) {
        idle.addLast(sender);
        return;
      }
    }
    sender.close();
  }

  /** Closes those that do not send; the others are closed when they are done. */
  @Override
  public void close() {
    List<Sender> all;
    synchronized (idle) {
      closed = true;
      all = new ArrayList<>(idle);
      idle.clear();
    }
    all.forEach(Sender::close);
  }
}
