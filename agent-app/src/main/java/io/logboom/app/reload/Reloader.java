package io.logboom.app.reload;

import io.logboom.core.assembly.ReloadResult;
import io.logboom.core.config.AgentConfig;
import io.logboom.core.config.LoadResult;
import io.logboom.core.config.Problem;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reloads when asked to, and when the files of the configuration have changed: two looks in a row
 * that are the same as each other and other than before, so that a file is not read while it is
 * being written. A configuration that is refused is tried again when a file changes, or on request.
 */
public final class Reloader implements Reloads, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Reloader.class);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Supplier<LoadResult> load;
  private final Function<AgentConfig, ReloadResult> engine;
  private final Consumer<AgentConfig> inEffect;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition asked = lock.newCondition();
  private final Thread thread = Thread.ofPlatform().daemon().name("reload").unstarted(this::run);

  private @Nullable String wanted;
  private boolean working;
  private boolean closed;
  private volatile boolean enabled;
  private volatile State state = State.AT_START;

  // The thread's own.
  private Set<Path> files;
  private Stamps loaded;
  private Stamps seen;

  /**
   * @param first what the agent was started with
   * @param load reads the same files again
   * @param engine brings a configuration into effect
   * @param inEffect is told of each that is
   */
  public Reloader(
      LoadResult first,
      Supplier<LoadResult> load,
      Function<AgentConfig, ReloadResult> engine,
      Consumer<AgentConfig> inEffect,
      InstantSource clock) {
    this.load = load;
    this.engine = engine;
    this.inEffect = inEffect;
    this.clock = clock;
    this.enabled = first.orThrow().service().reload().hotReload();
    this.files = first.lookedAt();
    this.loaded = Stamps.of(files);
    this.seen = loaded;
  }

  public void start() {
    thread.start();
  }

  @Override
  public Reply ask(String who) {
    lock.lock();
    try {
      if (!enabled || closed) {
        LOG.warn("{} asks for a reload, but hot_reload is off; restart the agent", who);
        return Reply.NOT_ENABLED;
      }
      if (working || wanted != null) {
        return Reply.IN_PROGRESS;
      }
      wanted = who;
      asked.signal();
      return Reply.BEGUN;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public State state() {
    return state;
  }

  private void run() {
    try {
      for (String why = next(); why != null; why = next()) {
        try {
          reload(why);
        } catch (RuntimeException e) {
          LOG.error("a defect in a reload; what was in effect may have changed in part", e);
          loaded = seen;
          note(event(Outcome.REFUSED, List.of("a defect: " + e)));
        } finally {
          idle();
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("interrupted");
    }
  }

  private void idle() {
    lock.lock();
    try {
      working = false;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a reason to reload; null at the end. */
  private @Nullable String next() throws InterruptedException {
    while (true) {
      boolean changed = enabled && haveSettledOnOthers();
      lock.lock();
      try {
        for (long left = LOOK_NANOS; left > 0 && !changed && wanted == null && !closed; ) {
          left = asked.awaitNanos(left);
        }
        if (closed) {
          return null;
        }
        String why = wanted;
        if (why != null || changed) {
          wanted = null;
          working = true;
          return why == null ? "a file has changed" : why;
        }
      } finally {
        lock.unlock();
      }
    }
  }

  private boolean haveSettledOnOthers() {
    Stamps now = Stamps.of(files);
    boolean settled = now.equals(seen);
    seen = now;
    return settled && !now.equals(loaded);
  }

  private void reload(String why) {
    LOG.info("reloading: {}", why);
    // Taken before the files are read: what changes meanwhile is seen at the next look.
    Stamps before = Stamps.of(files);
    LoadResult result = load.get();
    Set<Path> all = new HashSet<>(result.lookedAt());
    AgentConfig config = result.config();
    if (config == null) {
      // Where reading ended early, files that counted before may count again.
      all.addAll(files);
    }
    remember(all, before);
    note(config == null ? invalid(result) : bring(result, config));
  }

  private void remember(Set<Path> all, Stamps before) {
    Set<Path> fresh = new HashSet<>(all);
    fresh.removeAll(files);
    Map<Path, Stamps.Stamp> of = new HashMap<>(Stamps.of(fresh).of());
    of.putAll(before.of());
    of.keySet().retainAll(all);
    files = all;
    loaded = new Stamps(of);
    seen = loaded;
  }

  private Event invalid(LoadResult result) {
    List<String> errors = new ArrayList<>();
    for (Problem problem : result.problems(Problem.Severity.ERROR)) {
      LOG.error("{}", problem);
      errors.add(Objects.toString(problem));
    }
    LOG.error("the configuration has errors; the one before stays in effect");
    return event(Outcome.INVALID, errors);
  }

  private Event bring(LoadResult result, AgentConfig config) {
    result.problems(Problem.Severity.WARNING).forEach(problem -> LOG.warn("{}", problem));
    return switch (engine.apply(config)) {
      case ReloadResult.Done done -> {
        enabled = config.service().reload().hotReload();
        inEffect.accept(config);
        yield event(Outcome.DONE, say(done));
      }
      case ReloadResult.Refused refused -> refused(refused.why());
      case ReloadResult.InProgress() -> refused("another reload is in progress");
    };
  }

  private static List<String> say(ReloadResult.Done done) {
    List<String> details = new ArrayList<>(done.changes());
    LOG.info(
        "reloaded: {}", details.isEmpty() ? "nothing has changed" : String.join("; ", details));
    if (!done.restart().isEmpty()) {
      String later = String.join(", ", done.restart().stream().sorted().toList());
      LOG.warn("these take effect at the next start only: {}", later);
      details.add("at the next start only: " + later);
    }
    return details;
  }

  private Event refused(String why) {
    LOG.error("the new configuration cannot work: {}; the one before stays in effect", why);
    return event(Outcome.REFUSED, List.of(why));
  }

  private Event event(Outcome outcome, List<String> details) {
    return new Event(outcome, clock.instant(), details);
  }

  private void note(Event event) {
    state = state.after(event);
  }

  /** Waits for a reload that is under way, which gives way to a stop of the engine. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      asked.signal();
    } finally {
      lock.unlock();
    }
  }
}
