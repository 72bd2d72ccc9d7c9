package io.logboom.input.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.batch.Names;
import io.logboom.input.http.BodyCursor.Found;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Records in bodies of any layout, and bodies with damage. */
final class BodyCursorTest {
  private static final String[] RECORDS = {
    "{}",
    "{\"a\":1}",
    "{\"a\":[{\"b\":\"]},{\"}]}",
    "{ \"x\" : {\"y\":\"\\\"\"} }",
    "{\"\u00e9\":null}"
  };
  private static final String[] BLANKS = {"", "", " ", "\n", "\r\n", "\t \n"};

  private final BodyCursor cursor = new BodyCursor(new Names());

  private static String pick(String[] from, SplittableRandom random) {
    return from[random.nextInt(from.length)];
  }

  /** A body of these records: alone or in arrays. */
  private static String body(List<String> records, SplittableRandom random) {
    StringBuilder body = new StringBuilder();
    int i = 0;
    while (i < records.size()) {
      body.append(pick(BLANKS, random));
      if (random.nextBoolean()) {
        body.append(records.get(i++));
      } else {
        body.append('[').append(pick(BLANKS, random));
        for (int n = random.nextInt(4), k = 0; k < n && i < records.size(); k++) {
          body.append(k > 0 ? "," : "").append(pick(BLANKS, random));
          body.append(records.get(i++)).append(pick(BLANKS, random));
        }
        body.append(']');
      }
    }
    return body.append(pick(BLANKS, random)).toString();
  }

  private List<String> read(byte[] bytes, int from, int to) {
    cursor.reset(bytes, from, to);
    List<String> found = new ArrayList<>();
    Found what = cursor.next();
    while (what == Found.RECORD) {
      found.add(new String(bytes, cursor.from(), cursor.to() - cursor.from(), UTF_8));
      what = cursor.next();
    }
    return what == Found.END ? found : null;
  }

  @Property(tries = 2000)
  void everyRecordOnceAndInOrder(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<String> records = new ArrayList<>();
    for (int n = random.nextInt(20); n > 0; n--) {
      records.add(pick(RECORDS, random));
    }
    String body = body(records, random);
    byte[] bytes = ("}]{" + body + "[{").getBytes(UTF_8);
    assertThat(read(bytes, 3, bytes.length - 2)).as(body).isEqualTo(records);
    assertThat(cursor.number()).isEqualTo(records.size());
  }

  @Property(tries = 2000)
  void aMarkedPlaceIsFoundAgainThoughTheBodyMoves(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<String> records = new ArrayList<>();
    for (int n = 1 + random.nextInt(20); n > 0; n--) {
      records.add(pick(RECORDS, random));
    }
    byte[] bytes = body(records, random).getBytes(UTF_8);
    cursor.reset(bytes, 0, bytes.length);
    int mark = random.nextInt(records.size());
    for (int i = 0; i < records.size(); i++) {
      assertThat(cursor.next()).isEqualTo(Found.RECORD);
      if (i == mark) {
        cursor.mark();
      }
    }
    cursor.rewind();
    int delta = random.nextInt(5);
    byte[] elsewhere = new byte[bytes.length + delta];
    System.arraycopy(bytes, 0, elsewhere, delta, bytes.length);
    cursor.moved(elsewhere, delta);
    for (int i = mark + 1; i < records.size(); i++) {
      assertThat(cursor.next()).isEqualTo(Found.RECORD);
      assertThat(new String(elsewhere, cursor.from(), cursor.to() - cursor.from(), UTF_8))
          .isEqualTo(records.get(i));
    }
    assertThat(cursor.next()).isEqualTo(Found.END);
  }

  /** Whatever comes, it ends; and what it says of a fault is inside the body. */
  @Property(tries = 5000)
  void damageIsAFaultOrOtherRecords(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<String> records = new ArrayList<>();
    for (int n = 1 + random.nextInt(6); n > 0; n--) {
      records.add(pick(RECORDS, random));
    }
    byte[] bytes = body(records, random).getBytes(UTF_8);
    for (int n = 1 + random.nextInt(3); n > 0; n--) {
      bytes[random.nextInt(bytes.length)] = (byte) "{}[]\",:\\x\u0000 ".charAt(random.nextInt(11));
    }
    int to = 1 + random.nextInt(bytes.length);
    if (read(bytes, 0, to) == null) {
      String fault = cursor.fault();
      int at = Integer.parseInt(fault.replaceFirst("(?s).*at byte (\\d+) of the body", "$1"));
      assertThat(at).isBetween(0, to);
    }
  }
}
