package io.logboom.core.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class IdSetTest {
  @Test
  void readsAndWritesRanges() {
    IdSet ids = IdSet.parse("1-3,7,9-9");
    assertThat(ids).hasToString("1-3,7,9");
    for (long id : List.of(1L, 2L, 3L, 7L, 9L)) {
      assertThat(ids.contains(id)).isTrue();
    }
    for (long id : List.of(0L, 4L, 6L, 8L, 10L)) {
      assertThat(ids.contains(id)).isFalse();
    }
  }

  @Test
  void joinsLettersWithNoneBetween() {
    IdSet.Builder ids = new IdSet.Builder();
    ids.take(2);
    ids.take(5); // 3 and 4 are gone
    ids.skip();
    ids.take(7);
    assertThat(ids.build()).hasToString("2-5,7");
    assertThat(new IdSet.Builder().build().isEmpty()).isTrue();
  }

  @Test
  void aLongSetIsShortInALog() {
    assertThat(IdSet.parse("1-3,7").toShortText()).isEqualTo("1-3,7");
    assertThat(IdSet.parse("1,3,5,7,9,11,13,15,17,19,21,23").toShortText())
        .isEqualTo("1,3,5,7,9,11,13,15,17,19 and 2 more ranges");
  }

  @Test
  void refusesWhatIsNoRange() {
    for (String text : List.of("", "x", "1,", "0", "-1", "3-1", "5,4", "1-", "1--2", "2-3,3")) {
      assertThatThrownBy(() -> IdSet.parse(text))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
