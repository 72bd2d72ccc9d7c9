package io.logboom.testkit;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Fragment;
import io.logboom.api.json.ByteSink;
import io.logboom.api.json.RecordWriter;
import io.logboom.api.plugin.Intake;
import io.logboom.api.plugin.OnSettled;
import io.logboom.api.plugin.Settlement;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An intake that writes down each record as a JSON object and settles when the test says so, or at
 * once. What it wrote down is a copy; the batch goes back to the pool when it is settled.
 */
public final class TestIntake implements Intake {
  private final TestContext context;
  private final boolean settleAtOnce;
  private final List<Entry> entries = new ArrayList<>();
  private final List<Held> held = new ArrayList<>();
  private final List<Runnable> waiting = new ArrayList<>();
  private boolean full;
  private int refusals;

  /** One record as it came. */
  public record Entry(
      String tag, String json, long epochNanos, long position, int flags, String sourceId) {}

  private record Held(Batch batch, OnSettled settled, List<Entry> entries) {}

  public TestIntake(TestContext context, boolean settleAtOnce) {
    this.context = context;
    this.settleAtOnce = settleAtOnce;
  }

  @Override
  public void put(Batch batch, OnSettled settled) {
    synchronized (this) {
      int before = entries.size();
      for (int i = 0; i < batch.size(); i++) {
        ByteSink out = ByteSink.growing(256);
        out.put((byte) '{');
        new RecordWriter(context.names()).write(batch, i, true, out);
        out.put((byte) '}');
        entries.add(
            new Entry(
                batch.originOf(i).tag(),
                new String(out.toByteArray(), StandardCharsets.UTF_8),
                batch.epochNanos(i),
                batch.position(i),
                batch.flags(i),
                batch.originOf(i).sourceId()));
      }
      held.add(new Held(batch, settled, List.copyOf(entries.subList(before, entries.size()))));
      notifyAll();
    }
    if (settleAtOnce) {
      settle(Settlement.DONE);
    }
  }

  @Override
  public boolean offer(Batch batch, OnSettled settled) {
    synchronized (this) {
      if (full) {
        refusals++;
        return false;
      }
    }
    put(batch, settled);
    return true;
  }

  @Override
  public void onRoom(Runnable resume) {
    synchronized (this) {
      if (full) {
        waiting.add(resume);
        return;
      }
    }
    resume.run();
  }

  /** From now on each {@link #offer} is refused; {@link #put} goes on. */
  public synchronized void fill() {
    full = true;
  }

  /** Takes offers again, and tells those who wait. */
  public void makeRoom() {
    List<Runnable> now;
    synchronized (this) {
      full = false;
      now = List.copyOf(waiting);
      waiting.clear();
    }
    now.forEach(Runnable::run);
  }

  /** How many offers were refused. */
  public synchronized int refusals() {
    return refusals;
  }

  @Override
  public void discard(Batch batch) {
    context.testBatches().release(batch);
  }

  /** Settles all that is held, oldest first. */
  public void settle(Settlement settlement) {
    List<Held> now;
    synchronized (this) {
      now = List.copyOf(held);
      held.clear();
    }
    for (Held h : now) {
      context.testBatches().release(h.batch);
      h.settled.settled(settlement);
    }
  }

  /**
   * Settles the batch that is number {@code index} among those held, to try orders.
   *
   * @return the records that were in it
   */
  public List<Entry> settleOne(int index, Settlement settlement) {
    Held one;
    synchronized (this) {
      one = held.remove(index);
    }
    context.testBatches().release(one.batch);
    one.settled.settled(settlement);
    return one.entries;
  }

  public synchronized int heldBatches() {
    return held.size();
  }

  /** What came so far. */
  public synchronized List<Entry> entries() {
    return List.copyOf(entries);
  }

  public synchronized int count() {
    return entries.size();
  }

  /** A fragment with one string member, for tests that enrich. */
  public static Fragment fragment(TestContext context, String name, String value) {
    return Fragment.builder(context.names()).string(name, value).build();
  }
}
