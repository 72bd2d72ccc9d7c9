package io.logboom.net.body;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.airlift.compress.snappy.SnappyDecompressor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BodyTest {
  private static final int SEGMENT = 4096;

  private final SegmentPool pool = new SegmentPool(SEGMENT, 1000);

  @ParameterizedTest
  @EnumSource(Coding.class)
  void isReadByOthersAsItWasWritten(Coding coding) throws IOException {
    Random random = new Random(7);
    try (Body body = new Body(pool, Long.MAX_VALUE, coding)) {
      for (int size : new int[] {0, 1, 100, 32 * 1024, 32 * 1024 + 1, 70_000, 300_000}) {
        byte[] plain = text(random, size);
        int at = 0;
        while (at < size) {
          int count = Math.min(size - at, 1 + random.nextInt(50_000));
          body.sink().put(plain, at, count);
          at += count;
        }
        assertThat(body.plainLength()).isEqualTo(size);
        byte[] sent = body.finish().toByteArray();
        assertThat(decoded(coding, sent, size)).isEqualTo(plain);
        body.clear();
      }
    }
    assertThat(pool.taken()).isZero();
  }

  /** Words of a few letters. */
  private static byte[] text(Random random, int size) {
    byte[] text = new byte[size];
    for (int i = 0; i < size; i++) {
      text[i] = (byte) ("abcde \n\"".charAt(random.nextInt(8)));
    }
    return text;
  }

  private static byte[] decoded(Coding coding, byte[] sent, int size) throws IOException {
    return switch (coding) {
      case NONE -> sent;
      case GZIP -> new GZIPInputStream(new ByteArrayInputStream(sent)).readAllBytes();
      case ZSTD -> {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZstdInputStreamNoFinalizer in =
            new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(sent))) {
          in.transferTo(out);
        }
        yield out.toByteArray();
      }
      case SNAPPY -> {
        byte[] plain = new byte[size];
        int count = new SnappyDecompressor().decompress(sent, 0, sent.length, plain, 0, size);
        assertThat(count).isEqualTo(size);
        yield plain;
      }
    };
  }
}
