package io.logboom.app.reload;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asking for a reload, and what came of those before. Safe for all threads; never waits. */
public interface Reloads {
  /** For an agent whose configuration does not change. */
  Reloads NONE =
      new Reloads() {
        @Override
        public Reply ask(String who) {
          return Reply.NOT_ENABLED;
        }

        @Override
        public State state() {
          return State.AT_START;
        }
      };

  /** What is said to who asks. */
  enum Reply {
    /** It begins now; {@link #state} will tell. */
    BEGUN,
    IN_PROGRESS,
    /** {@code hot_reload} is off. */
    NOT_ENABLED
  }

  /** What came of a reload. */
  enum Outcome {
    /** The new configuration is in effect. */
    DONE,
    /** It has errors; nothing was tried. */
    INVALID,
    /** It is right, but cannot work here; the one before goes on. */
    REFUSED
  }

  /**
   * One reload.
   *
   * @param details what changed, or what is wrong, a sentence each
   */
  record Event(Outcome outcome, Instant at, List<String> details) {
    public Event {
      details = List.copyOf(details);
    }
  }

  /**
   * Where it stands.
   *
   * @param done how many have changed the configuration in effect, or found nothing to change
   * @param last the latest, whatever came of it; null before the first
   * @param succeededAt when the configuration in effect was taken from its files; null for the
   *     start
   */
  record State(
      long done, long invalid, long refused, @Nullable Event last, @Nullable Instant succeededAt) {
    static final State AT_START = new State(0, 0, 0, null, null);

    /** Whether the configuration in effect is what the files said at the last look. */
    public boolean isUpToDate() {
      return last == null || last.outcome() == Outcome.DONE;
    }

    State after(Event event) {
      boolean ok = event.outcome() == Outcome.DONE;
      return new State(
          done + (ok ? 1 : 0),
          invalid + (event.outcome() == Outcome.INVALID ? 1 : 0),
          refused + (event.outcome() == Outcome.REFUSED ? 1 : 0),
          event,
          ok ? event.at() : succeededAt);
    }
  }

  /**
   * Asks for a reload.
   *
   * @param who asks, for the log: {@code SIGHUP}, {@code /api/v2/reload}
   */
  Reply ask(String who);

  State state();
}
