package io.logboom.net.msgpack;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.logboom.api.batch.Names;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.msgpack.core.MessageBufferPacker;

/** What one record taught about names changes nothing about the next. */
final class ShapesTest {
  private static final String[] NAMES = {
    "log",
    "level",
    "time",
    "message",
    "msg",
    "größe",
    "a\"b",
    "",
    "trace_id",
    "trace.id",
    "a name of more than thirty-one bytes in all",
    "exactly_thirty_one_bytes_long__",
    "stream"
  };

  private final Names names = new Names();
  private final MsgPackJson used = new MsgPackJson(names);

  private static byte[] record(SplittableRandom random, List<List<String>> orders, int unlike) {
    return MsgPackJsonTest.packed(p -> map(p, random, orders, unlike, 0));
  }

  private static void map(
      MessageBufferPacker p,
      SplittableRandom random,
      List<List<String>> orders,
      int unlike,
      int depth)
      throws IOException {
    List<String> order = orders.get(random.nextInt(orders.size()));
    if (depth > 0 && random.nextBoolean()) {
      order = order.subList(0, random.nextInt(order.size() + 1));
    }
    p.packMapHeader(order.size());
    for (String name : order) {
      p.packString(random.nextInt(100) < unlike ? NAMES[random.nextInt(NAMES.length)] : name);
      if (depth < 2 && random.nextInt(6) == 0) {
        map(p, random, orders, unlike, depth + 1);
      } else if (random.nextBoolean()) {
        p.packLong(random.nextLong() >> random.nextInt(64));
      } else {
        text(p, random);
      }
    }
  }

  /** A text of any length, of letters and, rarely, of other bytes. */
  private static void text(MessageBufferPacker p, SplittableRandom random) throws IOException {
    byte[] text = new byte[random.nextInt(1 << random.nextInt(9))];
    for (int i = 0; i < text.length; i++) {
      text[i] = (byte) ('a' + random.nextInt(26));
    }
    int odd = random.nextInt(3) == 0 ? random.nextInt(4) : 0;
    for (int k = text.length == 0 ? 0 : odd; k > 0; k--) {
      text[random.nextInt(text.length)] = (byte) random.nextInt(256);
    }
    p.packRawStringHeader(text.length);
    p.addPayload(text);
  }

  private record Result(int end, String json, long names) {}

  private static Result convert(MsgPackJson json, byte[] bytes, int from, int to) {
    byte[] out = new byte[(to - from) * 6 + 200];
    int end = json.object(bytes, from, to, out, 0);
    return end < 0
        ? new Result(end, "", 0)
        : new Result(end, new String(out, 0, json.stop(), StandardCharsets.UTF_8), json.names());
  }

  @Property(tries = 300)
  void aConverterThatHasSeenOtherRecordsDoesAsOneThatHasNot(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    names.of("level");
    names.of("stream");
    List<List<String>> orders = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      List<String> order = new ArrayList<>();
      for (int k = random.nextInt(12); k > 0; k--) {
        order.add(NAMES[random.nextInt(NAMES.length)]);
      }
      orders.add(order);
    }
    int unlike = random.nextInt(3) * 5;
    for (int i = 0; i < 40; i++) {
      byte[] record = record(random, orders, unlike);
      byte[] bytes = Arrays.copyOf(record, record.length + random.nextInt(60));
      int to = random.nextInt(8) == 0 ? random.nextInt(record.length) : bytes.length;
      assertThat(convert(used, bytes, 0, to))
          .isEqualTo(convert(new MsgPackJson(names), bytes, 0, to));
    }
  }

  @Test
  void aNameThatIsRegisteredLaterIsFound() {
    byte[] record =
        Arrays.copyOf(
            MsgPackJsonTest.packed(
                p -> p.packMapHeader(2).packString("a").packInt(1).packString("ts").packInt(2)),
            100);
    for (int i = 0; i < 3; i++) {
      assertThat(convert(used, record, 0, 100).names()).isZero();
    }
    long ts = names.of("ts");
    assertThat(convert(used, record, 0, 100).names()).isEqualTo(ts);
  }

  @Test
  void aNameThatStandsTwiceAfterManyThatDoNot() {
    byte[] usual = twoNames("a", "b");
    for (int i = 0; i < 5; i++) {
      assertThat(convert(used, usual, 0, 100).json()).isEqualTo("{\"a\":1,\"b\":2}");
    }
    assertThat(convert(used, twoNames("a", "a"), 0, 100).json()).isEqualTo("{\"a\":2}");
    assertThat(convert(used, twoNames("b", "a"), 0, 100).json()).isEqualTo("{\"b\":1,\"a\":2}");
  }

  private static byte[] twoNames(String one, String two) {
    return Arrays.copyOf(
        MsgPackJsonTest.packed(
            p -> p.packMapHeader(2).packString(one).packInt(1).packString(two).packInt(2)),
        100);
  }

  /** Also where each record stands at the end of what was read, where no names are compared. */
  @ParameterizedTest
  @ValueSource(ints = {0, 100})
  void nothingIsAllocatedForARecord(int behind) {
    byte[] record =
        MsgPackJsonTest.packed(
            p ->
                p.packMapHeader(4)
                    .packString("level")
                    .packString("info")
                    .packString("message")
                    .packString("order \"7\" placed, by größe")
                    .packString("latency_ms")
                    .packDouble(12.25)
                    .packString("kubernetes")
                    .packMapHeader(2)
                    .packString("pod_name")
                    .packString("cart-5d9")
                    .packString("host")
                    .packString("node-1"));
    byte[] bytes = Arrays.copyOf(record, record.length + behind);
    byte[] out = new byte[1000];
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int run = 0; run < 20; run++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 1000; i++) {
        assertEnd(used.object(bytes, 0, bytes.length, out, 0), record.length);
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least).isLessThan(1000);
  }

  private static void assertEnd(int end, int wanted) {
    if (end != wanted) {
      throw new AssertionError(end);
    }
  }
}
