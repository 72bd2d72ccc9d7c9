package io.logboom.core.delivery;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.Output;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/** An output that answers as a test says and keeps what each send carried. */
public final class ScriptedOutput implements Output {
  private final ConcurrentLinkedQueue<Function<List<String>, Outcome>> answers =
      new ConcurrentLinkedQueue<>();
  private final List<List<String>> sends = new ArrayList<>();
  private volatile boolean closed;
  private volatile boolean started;
  private volatile int held;

  /** Whether it was told to begin. */
  public boolean started() {
    return started;
  }

  /** How often it is to be asked before nothing is left of what it holds. */
  public void holds(int times) {
    held = times;
  }

  /** How often it is still to be asked. */
  public int held() {
    return held;
  }

  @Override
  public void start() {
    started = true;
  }

  @Override
  public boolean conclude() {
    return held == 0 || --held == 0;
  }

  /**
   * The next send gets this answer, worked out from its bodies; sends past the script are
   * delivered.
   */
  public ScriptedOutput then(Function<List<String>, Outcome> answer) {
    answers.add(answer);
    return this;
  }

  public ScriptedOutput then(Outcome answer) {
    return then(_ -> answer);
  }

  @Override
  public Outcome send(List<Batch> batches) {
    List<String> bodies = new ArrayList<>();
    for (Batch batch : batches) {
      for (int i = 0; i < batch.size(); i++) {
        if (!batch.isDropped(i)) {
          bodies.add(
              new String(batch.bytes(), batch.offset(i), batch.length(i), StandardCharsets.UTF_8));
        }
      }
    }
    synchronized (sends) {
      sends.add(bodies);
    }
    Function<List<String>, Outcome> answer = answers.poll();
    return answer == null ? Outcome.DELIVERED : answer.apply(bodies);
  }

  /** The bodies of each send, in order. */
  public List<List<String>> sends() {
    synchronized (sends) {
      return List.copyOf(sends);
    }
  }

  public boolean closed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
  }
}
