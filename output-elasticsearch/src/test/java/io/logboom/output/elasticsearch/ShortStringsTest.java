package io.logboom.output.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ShortStringsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Example
  void passesOnWhatIsNotLong() throws IOException {
    String json = "{\"a\":[1,\"\\\\\\\"x\\u00fc\\\\\"],\"\":\"ü\",\"b\":{}}";
    assertThat(shortened(json, 1)).isEqualTo(json);
    assertThat(shortened(json, 8192)).isEqualTo(json);
  }

  /** Whatever is at the cut, what remains is JSON, and what follows is untouched. */
  @Property(tries = 500)
  void cutsBetweenCharacters(
      @ForAll @IntRange(max = 16) int shift,
      @ForAll @IntRange(max = 5) int kind,
      @ForAll @IntRange(min = 1, max = 9000) int chunk)
      throws IOException {
    String unit = new String[] {"x", "ü", "€", "😀", "\\u00fc", "\\\\\\\""}[kind];
    String json =
        "{\"r\":\"" + "y".repeat(shift) + unit.repeat(3000) + "\",\"k\\\"" + "\":[\"behind\",1]}";
    JsonNode read = JSON.readTree(shortened(json, chunk));
    assertThat(read.get("k\"").toString()).isEqualTo("[\"behind\",1]");
    String whole = JSON.readTree(json).get("r").asText();
    assertThat(whole).startsWith(read.get("r").asText());
    int bytes = read.get("r").asText().getBytes(StandardCharsets.UTF_8).length;
    assertThat(bytes).isBetween(kind == 4 ? 1000 : 2000, ShortStrings.MOST_STRING + 3);
  }

  @Example
  void endsAnAnswerWithoutEnd() {
    byte[] block = "[\"".concat("x".repeat(65534)).getBytes(StandardCharsets.UTF_8);
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }

          @Override
          public int read(byte[] into, int from, int count) {
            int n = Math.min(count, block.length);
            System.arraycopy(block, 0, into, from, n);
            return n;
          }
        };
    assertThatThrownBy(() -> new ShortStrings(endless).readAllBytes())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("more than " + ShortStrings.MOST_BYTES);
  }

  private static String shortened(String json, int chunk) throws IOException {
    ByteArrayInputStream source = new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8));
    InputStream slow =
        new InputStream() {
          @Override
          public int read() {
            return source.read();
          }

          @Override
          public int read(byte[] into, int from, int count) {
            return source.read(into, from, Math.min(count, chunk));
          }
        };
    return new String(new ShortStrings(slow).readAllBytes(), StandardCharsets.UTF_8);
  }
}
