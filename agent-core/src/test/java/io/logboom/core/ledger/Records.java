package io.logboom.core.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import io.logboom.core.memory.SlabPool;

/** Makes batches for tests of the books. */
final class Records {
  private final Names names = new Names();
  private final SlabPool pool = new SlabPool(256L * SlabPool.USUAL);

  Origin origin(String source) {
    return Origin.builder(names, "tag." + source).source(source).build();
  }

  /** One record per body, of the origins in turn. */
  Batch batch(String[] bodies, Origin... origins) {
    Batch batch = pool.tryOpen();
    if (batch == null) {
      throw new IllegalStateException("the test holds too many batches");
    }
    for (int i = 0; i < bodies.length; i++) {
      add(batch, bodies[i], origins[i % origins.length]);
    }
    return batch;
  }

  /** So many records of three bytes, of the origins in turn. */
  Batch batch(int records, Origin... origins) {
    String[] bodies = new String[records];
    java.util.Arrays.fill(bodies, "abc");
    return batch(bodies, origins);
  }

  static void add(Batch batch, String body, Origin origin) {
    byte[] bytes = body.getBytes(UTF_8);
    batch.add(batch.origin(origin), batch.append(bytes, 0, bytes.length), bytes.length, 0, 0);
  }

  void release(Batch batch) {
    pool.release(batch);
  }
}
