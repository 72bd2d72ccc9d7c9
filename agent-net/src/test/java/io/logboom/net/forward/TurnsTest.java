package io.logboom.net.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private static final long SECOND = 1_000_000_000L;

  private static List<Integer> firsts(Turns turns, long now, int count) {
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(turns.order(now)[0]);
    }
    return all;
  }

  @Test
  void equalServersTakeTurns() {
    assertThat(firsts(new Turns(1, 1, 1), 0, 6)).containsExactly(0, 1, 2, 0, 1, 2);
  }

  @Test
  void weightsAreMixedEvenly() {
    assertThat(firsts(new Turns(3, 1), 0, 8)).containsExactly(0, 0, 1, 0, 0, 0, 1, 0);
  }

  @Test
  void allServersAreInTheOrder() {
    assertThat(new Turns(5, 1, 1).order(0)).containsExactlyInAnyOrder(0, 1, 2).startsWith(0);
  }

  @Test
  void whatIsDownComesLastUntilItHasRestedAndThenTwiceAsLong() {
    Turns turns = new Turns(1, 1);
    turns.down(0, 0);
    assertThat(turns.order(SECOND / 2)).containsExactly(1, 0);
    assertThat(firsts(turns, SECOND + 1, 2)).contains(0);
    turns.down(0, SECOND + 1);
    assertThat(turns.order(2 * SECOND + 2)).containsExactly(1, 0);
    assertThat(firsts(turns, 3 * SECOND + 2, 2)).contains(0);
    turns.up(0);
    assertThat(turns.live()).isEqualTo(2);
    turns.down(0, 9 * SECOND);
    assertThat(firsts(turns, 10 * SECOND + 1, 2)).contains(0);
  }

  @Test
  void whereAllAreDownTheOneThatRestedLongestIsFirst() {
    Turns turns = new Turns(1, 1);
    turns.down(1, 0);
    turns.down(0, SECOND / 4);
    assertThat(turns.order(SECOND / 2)).containsExactly(1, 0);
    assertThat(turns.live()).isZero();
  }
}
