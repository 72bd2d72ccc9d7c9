package io.logboom.core.pipeline;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Input;
import io.logboom.api.plugin.Intake;
import io.logboom.api.plugin.OnSettled;
import io.logboom.api.plugin.Settlement;
import io.logboom.core.delivery.Delivery;
import io.logboom.core.delivery.SpoolView;
import io.logboom.core.ledger.Ledger;
import io.logboom.core.memory.SlabPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The running whole: inputs put batches into one ring, a worker takes them through the filters and
 * routes them, each output has a delivery of its own.
 *
 * <pre>
 *   input ─► ring ─► worker: filters, routing ─► ring ─► delivery ─► output
 * </pre>
 */
public final class Pipeline {
  /** How many outputs there may be: a set of them is one long. */
  public static final int MOST_OUTPUTS = Long.SIZE;

  private static final int SLOTS = 4096;

  private final SlabPool pool;
  private final Ledger ledger;
  private final Ring<Shipment> inbound;
  private final FilterWorker worker;
  private final LongAdder unroutedRecords = new LongAdder();
  private volatile List<Source> sources = List.of();

  /** With books of its own. */
  public Pipeline(SlabPool pool, List<FilterStep> filters, List<Route> routes) {
    this(pool, filters, routes, new Ledger(System::nanoTime));
  }

  /**
   * @param filters in the order of their application
   * @param ledger the books, in which the outputs have their accounts
   */
  public Pipeline(SlabPool pool, List<FilterStep> filters, List<Route> routes, Ledger ledger) {
    this.pool = pool;
    this.ledger = ledger;
    this.inbound = new Ring<>(SLOTS, Math.max(SlabPool.USUAL, pool.budget() / 4), Shipment::weight);
    ledger.underWay(() -> sources.stream().mapToLong(Source::unsettledBatches).sum());
    this.worker = new FilterWorker(inbound, new Plan(filters, routes, router(routes)), ledger);
  }

  private Router router(List<Route> routes) {
    List<Delivery> all = routes.stream().map(Route::delivery).toList();
    all.forEach(delivery -> delivery.beside(all));
    return new Router(List.copyOf(routes), unroutedRecords, ledger);
  }

  /** An input that begins when the pipeline starts. */
  public void add(String name, String type, Input input) {
    add(Source.of(name, type, input));
  }

  /** An input that begins when the pipeline starts. */
  public void add(Source source) {
    replace(List.of(), List.of(source));
  }

  /**
   * Starts from the outputs to the inputs, so that nothing is produced before it can be consumed.
   */
  public void start() {
    worker.plan().routes().forEach(route -> route.delivery().start());
    worker.plan().filters().forEach(step -> step.filter().start());
    worker.start();
    sources.forEach(this::begin);
  }

  /** Lets an input begin, for one that came while the pipeline ran. */
  public void begin(Source source) {
    source.input().start(new Counting(source.stats()));
  }

  /** Knows other inputs from here on; neither starts nor stops one. */
  public synchronized void replace(List<Source> gone, List<Source> come) {
    List<Source> next = new ArrayList<>(sources);
    next.removeAll(gone);
    next.addAll(come);
    sources = List.copyOf(next);
  }

  /**
   * Filters and routes by these from the next batch on. What is new must have been started.
   *
   * @return whether a batch is still under way by those before; once false, it stays so
   */
  public BooleanSupplier swap(List<FilterStep> filters, List<Route> routes) {
    Plan old = worker.plan();
    Router router = old.routes().equals(routes) ? old.router() : router(routes);
    worker.plan(new Plan(filters, routes, router));
    return () -> worker.uses(old);
  }

  /**
   * Stops: inputs take in nothing new, what is under way is delivered as far as the time allows,
   * positions of what was delivered are saved.
   *
   * @param grace the one deadline, from now
   * @return whether everything was delivered
   */
  public boolean stop(Duration grace) {
    return stop(grace, null);
  }

  /**
   * As {@link #stop(Duration)}, after inputs have read on.
   *
   * @param farewell how long they do; null for not at all
   */
  public boolean stop(Duration grace, @Nullable Farewell farewell) {
    return new Shutdown(this, grace, farewell).run();
  }

  /**
   * Whether nothing is under way: for so long no input has had anything to read, and all that was
   * read is delivered, also what was in spools.
   */
  public boolean isAtRest(Duration silence) {
    return Farewell.silence(inputs()) >= silence.toNanos()
        && sources.stream().mapToLong(Source::unsettledBatches).sum() == 0
        && spooledRecords() == 0;
  }

  /** Records that wait in spools. */
  long spooledRecords() {
    long sum = 0;
    for (Delivery delivery : deliveries()) {
      SpoolView spool = delivery.spool();
      sum += spool == null ? 0 : spool.records();
    }
    return sum;
  }

  public List<InputStats> inputStats() {
    return sources.stream().map(Source::stats).toList();
  }

  public List<FilterStats> filterStats() {
    return filters().stream().map(FilterStep::stats).toList();
  }

  public List<Delivery> deliveries() {
    return worker.plan().routes().stream().map(Route::delivery).toList();
  }

  public SlabPool pool() {
    return pool;
  }

  /** What became of each record. */
  public Ledger ledger() {
    return ledger;
  }

  /** Batches that wait for the filter worker. */
  public Ring<Shipment> inbound() {
    return inbound;
  }

  /** Records whose tag no output takes. */
  public long unroutedRecords() {
    return unroutedRecords.sum();
  }

  /** Whether the thread that filters and routes is alive. */
  public boolean isWorking() {
    return worker.isAlive();
  }

  /** Batches that were filtered and routed so far. */
  public long handledBatches() {
    return worker.handled();
  }

  /** The name of the filter that works on a batch now; null where none does. */
  public @Nullable String filtering() {
    return worker.filtering();
  }

  /** The inputs with their counts. */
  public List<Source> sources() {
    return sources;
  }

  List<Input> inputs() {
    return sources.stream().map(Source::input).toList();
  }

  List<FilterStep> filters() {
    return worker.plan().filters();
  }

  FilterWorker worker() {
    return worker;
  }

  /** An input's way in, which counts. */
  private final class Counting implements Intake {
    private final InputStats stats;

    Counting(InputStats stats) {
      this.stats = stats;
    }

    @Override
    public void put(Batch batch, OnSettled settled) throws InterruptedException {
      Shipment shipment = shipment(batch, settled);
      if (inbound.offer(shipment)) {
        return;
      }
      stats.waiting = true;
      try {
        inbound.put(shipment);
      } catch (InterruptedException e) {
        ledger.returned(batch, batch.size());
        shipment.settle(Settlement.AGAIN);
        throw e;
      } finally {
        stats.waiting = false;
      }
    }

    @Override
    public boolean offer(Batch batch, OnSettled settled) {
      long records = batch.size();
      long bytes = batch.limit();
      Ledger.Reading reading = ledger.reading(batch);
      pool.fit(batch);
      Shipment shipment = new Shipment(batch, counted(settled), pool);
      if (!inbound.offer(shipment)) {
        stats.waiting = true;
        return false;
      }
      stats.waiting = false;
      count(records, bytes);
      reading.taken();
      return true;
    }

    @Override
    public void onRoom(Runnable resume) {
      inbound.onRoom(resume);
    }

    @Override
    public void discard(Batch batch) {
      pool.release(batch);
    }

    private Shipment shipment(Batch batch, OnSettled settled) {
      count(batch.size(), batch.limit());
      ledger.reading(batch).taken();
      pool.fit(batch);
      return new Shipment(batch, counted(settled), pool);
    }

    private void count(long records, long bytes) {
      stats.records.add(records);
      stats.bytes.add(bytes);
      stats.batches.increment();
    }

    private OnSettled counted(OnSettled settled) {
      return settlement -> {
        stats.settledBatches.increment();
        if (settlement == Settlement.AGAIN) {
          stats.againBatches.increment();
        }
        settled.settled(settlement);
      };
    }
  }
}
