package io.logboom.core.ledger;

import io.logboom.api.batch.Batch;
import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.Output;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/**
 * An output that misbehaves in every way that it may, and knows what it has taken of each source.
 */
final class Moody implements Output {
  private final Random random;
  private final boolean hangs;
  private final Map<String, Map<String, Long>> seen = new HashMap<>();

  /**
   * @param hangs whether a send may last until it is interrupted
   */
  Moody(long seed, boolean hangs) {
    this.random = new Random(seed);
    this.hangs = hangs;
  }

  @Override
  public Outcome send(List<Batch> batches) throws InterruptedException {
    int mood;
    synchronized (this) {
      mood = random.nextInt(100);
    }
    if (mood < 4 && hangs) {
      new CountDownLatch(1).await();
    }
    synchronized (this) {
      return answer(mood, batches);
    }
  }

  private Outcome answer(int mood, List<Batch> batches) {
    List<Integer> live = live(batches);
    if (mood < 10) {
      return new Outcome.Retry("503");
    } else if (mood < 14) {
      throw new IllegalStateException("a defect of the output");
    } else if (mood < 18) {
      return note("rejected", batches, live, new Outcome.Rejected("400"));
    } else if (mood < 21) {
      return note("discarded", batches, live, new Outcome.Discarded("by configuration"));
    } else if (mood < 28) {
      if (live.size() == 1) {
        return note("rejected", batches, live, new Outcome.TooLarge("413"));
      }
      return new Outcome.TooLarge("413");
    } else if (mood < 55) {
      return mixed(batches, live);
    }
    return note("delivered", batches, live, Outcome.DELIVERED);
  }

  private Outcome mixed(List<Batch> batches, List<Integer> live) {
    BitSet retry = new BitSet();
    List<Outcome.Rejection> rejected = new ArrayList<>();
    List<Integer> taken = new ArrayList<>();
    for (int record : live) {
      switch (random.nextInt(4)) {
        case 0 -> retry.set(record);
        case 1 -> rejected.add(new Outcome.Rejection(record, "mapping"));
        default -> taken.add(record);
      }
    }
    note("rejected", batches, rejected.stream().map(Outcome.Rejection::record).toList(), null);
    return note(
        "delivered", batches, taken, new Outcome.Mixed(retry, rejected, "429", Duration.ZERO));
  }

  private static List<Integer> live(List<Batch> batches) {
    List<Integer> live = new ArrayList<>();
    int base = 0;
    for (Batch batch : batches) {
      for (int i = 0; i < batch.size(); i++) {
        if (!batch.isDropped(i)) {
          live.add(base + i);
        }
      }
      base += batch.size();
    }
    return live;
  }

  private Outcome note(String what, List<Batch> batches, List<Integer> records, Outcome answer) {
    int base = 0;
    for (Batch batch : batches) {
      for (int record : records) {
        if (record >= base && record < base + batch.size()) {
          seen.computeIfAbsent(batch.originOf(record - base).source(), _ -> new HashMap<>())
              .merge(what, 1L, Long::sum);
        }
      }
      base += batch.size();
    }
    return answer;
  }

  /** How many records of the source were {@code delivered}, {@code rejected}, {@code discarded}. */
  synchronized long seen(String source, String what) {
    return seen.getOrDefault(source, Map.of()).getOrDefault(what, 0L);
  }

  /** The same over all sources. */
  synchronized long seen(String what) {
    return seen.values().stream().mapToLong(each -> each.getOrDefault(what, 0L)).sum();
  }
}
