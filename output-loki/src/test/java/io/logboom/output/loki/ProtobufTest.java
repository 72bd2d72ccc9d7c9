package io.logboom.output.loki;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.json.ByteSink;
import io.logboom.testkit.loki.PushReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProtobufTest {
  private static final List<Long> TIMES =
      List.of(
          0L,
          1L,
          999_999_999L,
          1_000_000_000L,
          -1L,
          1_795_334_645_000_000_000L,
          1_795_334_645_123_456_789L,
          1_795_334_645_000_000_001L,
          1_795_334_644_999_999_999L,
          Long.MAX_VALUE);

  @Test
  void sizesAreThoseThatAreWritten() {
    ByteSink out = ByteSink.growing(16);
    for (int bit = 0; bit < 64; bit++) {
      for (long value : new long[] {1L << bit, (1L << bit) - 1}) {
        out.position(0);
        Protobuf.varint(value, out);
        assertThat(Protobuf.varintSize(value)).as("%d", value).isEqualTo(out.position());
      }
    }
  }

  @Test
  void timesAndLinesAreReadAsTheyWere() {
    Seconds time = new Seconds();
    for (long nanos : TIMES) {
      for (int length : new int[] {0, 1, 127, 128, 20_000}) {
        String line = "x".repeat(length);
        ByteSink entry = ByteSink.growing(64);
        entry.position(Protobuf.HEAD);
        byte[] text = line.getBytes(StandardCharsets.UTF_8);
        entry.put(text, 0, text.length);
        time.of(nanos);
        int from = Protobuf.head(time, length, entry.array(), Protobuf.HEAD);
        ByteSink stream = ByteSink.growing(64);
        Protobuf.bytes(Protobuf.ENTRIES, entry.array(), from, entry.position() - from, stream);
        ByteSink request = ByteSink.growing(64);
        Protobuf.bytes(Protobuf.STREAMS, stream.array(), 0, stream.position(), request);
        assertThat(PushReader.protobuf(request.toByteArray()).getFirst().entries())
            .containsExactly(new PushReader.Entry(nanos, line, Map.of()));
      }
    }
  }

  @Test
  void timesAreWrittenAsTheyAre() {
    Seconds time = new Seconds();
    List<String> written = new ArrayList<>();
    for (long nanos : TIMES) {
      ByteSink out = ByteSink.growing(16);
      time.of(nanos);
      time.write(out);
      written.add(new String(out.toByteArray(), StandardCharsets.US_ASCII));
    }
    assertThat(written).isEqualTo(TIMES.stream().map(String::valueOf).toList());
  }
}
