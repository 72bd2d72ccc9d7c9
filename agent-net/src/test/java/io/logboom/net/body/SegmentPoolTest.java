package io.logboom.net.body;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SegmentPoolTest {
  private static final int SEGMENT = 1000;

  private final AtomicLong budget = new AtomicLong();
  private final AtomicBoolean isShort = new AtomicBoolean();
  private final SegmentPool pool = new SegmentPool(SEGMENT, 2, budget::addAndGet, isShort::get);

  @Test
  void countsWhatIsInUseAndWhatIsKept() {
    Segments body = body(3500);
    assertThat(budget).hasValue(4 * SEGMENT);
    body.clear();
    assertThat(budget).as("two are kept").hasValue(2 * SEGMENT);
    body(1500);
    assertThat(budget).as("and used again").hasValue(2 * SEGMENT);
  }

  @Test
  void keepsNoneWhileMemoryIsShort() {
    Segments body = body(1500);
    isShort.set(true);
    body.clear();
    assertThat(budget).hasValue(0);
  }

  @Test
  void givesAllBackWhenItIsClosedAndAfterIt() {
    body(1500).clear();
    Segments underWay = body(500);
    pool.close();
    assertThat(budget).as("what is under way").hasValue(SEGMENT);
    underWay.clear();
    assertThat(budget).hasValue(0);
  }

  private Segments body(int bytes) {
    Segments body = new Segments(pool);
    for (int i = 0; i < bytes; i++) {
      body.sink().put((byte) 'x');
    }
    body.seal();
    return body;
  }
}
