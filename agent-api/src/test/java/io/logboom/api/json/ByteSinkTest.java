package io.logboom.api.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSinkTest {
  private static final JsonFactory JACKSON = new JsonFactory();

  @Property
  void escapedTextComesBackThroughAnotherParser(
      @ForAll("texts") String text, @ForAll @IntRange(max = 20) int before) throws IOException {
    byte[] utf8 = ("x".repeat(before) + text).getBytes(UTF_8);
    ByteSink out = ByteSink.growing(16);

    boolean valid = out.putEscaped(utf8, before, utf8.length - before);

    assertThat(valid).isTrue();
    assertThat(parsed(out.toByteArray())).isEqualTo(text);
  }

  @Property
  void bytesThatAreNotUtf8BecomeReplacementCharacters(@ForAll("bytes") byte[] bytes)
      throws IOException {
    ByteSink out = ByteSink.growing(16);

    boolean valid = out.putEscaped(bytes, 0, bytes.length);

    String expected = WhatwgUtf8.decode(bytes);
    assertThat(parsed(out.toByteArray())).isEqualTo(expected);
    assertThat(valid).isEqualTo(Arrays.equals(expected.getBytes(UTF_8), bytes));
  }

  @Property
  void escapesOnlyWhatMustBeEscaped(@ForAll("texts") String text) {
    byte[] utf8 = text.getBytes(UTF_8);
    ByteSink out = ByteSink.growing(16);
    out.putEscaped(utf8, 0, utf8.length);

    StringBuilder expected = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '"' -> expected.append("\\\"");
                case '\\' -> expected.append("\\\\");
                case '\n' -> expected.append("\\n");
                case '\r' -> expected.append("\\r");
                case '\t' -> expected.append("\\t");
                case '\b' -> expected.append("\\b");
                case '\f' -> expected.append("\\f");
                default -> {
                  if (c < 0x20) {
                    expected.append(String.format(Locale.ROOT, "\\u%04x", c));
                  } else {
                    expected.appendCodePoint(c);
                  }
                }
              }
            });
    assertThat(new String(out.toByteArray(), UTF_8)).isEqualTo(expected.toString());
  }

  @Property
  void aSegmentedStoreGetsTheSameBytesAsAGrowingOne(
      @ForAll("bytes") byte[] bytes,
      @ForAll @IntRange(min = 16, max = 80) int segment,
      @ForAll @IntRange(max = 40) int before) {
    ByteSink grown = ByteSink.growing(16);
    Segments segments = new Segments(segment);
    ByteSink split = new ByteSink(segments, new byte[segment]);

    for (ByteSink out : new ByteSink[] {grown, split}) {
      out.put(new byte[before], 0, before);
      out.putEscaped(bytes, 0, bytes.length);
      out.put((byte) ',');
      out.putDecimal(bytes.length - 1000L);
      out.put(bytes, 0, bytes.length);
      out.putAscii("end");
    }

    assertThat(segments.all(split)).isEqualTo(grown.toByteArray());
  }

  @Test
  void bytesBehindThePositionAreTheOnlyOthersThatAreTouched() {
    byte[] array = new byte[64];
    Arrays.fill(array, (byte) '.');
    ByteSink out =
        new ByteSink(
            new ByteSink.Store() {
              @Override
              public byte[] next(byte[] full, int used, int needed) {
                throw new AssertionError("64 bytes are enough");
              }

              @Override
              public int resumeAt(int used) {
                return used;
              }
            },
            array);
    out.position(10);

    out.putEscaped("plain and short".getBytes(UTF_8), 0, 15);

    assertThat(out.position()).isEqualTo(25);
    assertThat(new String(array, 0, 25, ISO_8859_1)).isEqualTo("..........plain and short");
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        1,
        9,
        10,
        -1,
        -10,
        99,
        100,
        1_234_567_890_123L,
        999_999_999_999_999_999L,
        1_000_000_000_000_000_000L,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        Long.MIN_VALUE + 1
      })
  void writesDecimalsAsJavaDoes(long value) {
    ByteSink out = ByteSink.growing(16);
    out.putDecimal(value);
    assertThat(new String(out.toByteArray(), UTF_8)).isEqualTo(Long.toString(value));
  }

  @Property
  void writesAnyDecimalAsJavaDoes(@ForAll long value, @ForAll @IntRange(max = 62) int shift) {
    ByteSink out = ByteSink.growing(16);
    out.putDecimal(value >> shift);
    assertThat(new String(out.toByteArray(), UTF_8)).isEqualTo(Long.toString(value >> shift));
  }

  @Test
  void startsOverOnAnotherArray() {
    ByteSink out = ByteSink.growing(16);
    out.putAscii("first");
    byte[] second = new byte[32];

    out.reset(second);
    out.putAscii("second");

    assertThat(out.array()).isSameAs(second);
    assertThat(new String(out.toByteArray(), UTF_8)).isEqualTo("second");
  }

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> ascii = Arbitraries.strings().ascii().ofMaxLength(60);
    Arbitrary<String> log =
        Arbitraries.of("a", "b", " ", "\"", "\\", "\n", "\t", "é", "€", "𝄞")
            .list()
            .ofMaxSize(60)
            .map(parts -> String.join("", parts));
    Arbitrary<String> any =
        Arbitraries.strings()
            .all()
            .ofMaxLength(40)
            .map(s -> new String(s.getBytes(UTF_8), UTF_8)); // no lone surrogates
    return Arbitraries.oneOf(ascii, log, any);
  }

  @Provide
  Arbitrary<byte[]> bytes() {
    return Bytes.any(80);
  }

  private static String parsed(byte[] inside) throws IOException {
    byte[] document = new byte[inside.length + 2];
    document[0] = '"';
    document[inside.length + 1] = '"';
    System.arraycopy(inside, 0, document, 1, inside.length);
    try (JsonParser parser = JACKSON.createParser(document)) {
      parser.nextToken();
      String text = parser.getText();
      assertThat(parser.nextToken()).isNull();
      return text;
    }
  }

  /** Fixed segments, of which a used one is never seen again by the sink. */
  private static final class Segments implements ByteSink.Store {
    private final int size;
    private final java.io.ByteArrayOutputStream done = new java.io.ByteArrayOutputStream();

    Segments(int size) {
      this.size = size;
    }

    @Override
    public byte[] next(byte[] array, int used, int needed) {
      done.write(array, 0, used);
      return new byte[Math.max(size, needed)];
    }

    @Override
    public int resumeAt(int used) {
      return 0;
    }

    byte[] all(ByteSink sink) {
      done.write(sink.array(), 0, sink.position());
      return done.toByteArray();
    }
  }
}
