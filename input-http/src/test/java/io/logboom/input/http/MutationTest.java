package io.logboom.input.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.json.JsonScanner;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.TestIntake;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests with damage in them: whatever comes, nothing breaks but the connection it came over.
 * {@code -Dhttp.mutations=10000000} tries more, {@code -Dhttp.seed=N} others.
 */
final class MutationTest {
  private static final int MUTATIONS = Integer.getInteger("http.mutations", 10_000);
  private static final long SEED = Long.getLong("http.seed", 20_261_126L);
  private static final int PER_CONNECTION = 20;
  private static final int PER_INPUT = 10_000;

  @TempDir Path state;

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static List<byte[]> requests() throws IOException {
    String rich =
        "[{\"log\":\"line \\u00e9 \\ud834\\udd1e\\n\",\"n\":-1.5e+3,\"o\":{\"a\":[1,null,true]}},"
            + "{\"a\":1,\"b\":{\"x\":1,\"x\":2},\"a\":\"\u00ff\"},{}]";
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
      out.write(ascii(rich));
    }
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    compressed.writeBytes(
        ascii(
            "POST /z HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Content-Encoding: gzip\r\nContent-Length: "
                + gzip.size()
                + "\r\n\r\n"));
    compressed.writeBytes(gzip.toByteArray());
    String chunked =
        "POST /c/d?x HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n8\r\n{\"n\":1}\n\r\n9;e=1\r\n{\"n\":22}\n\r\n"
            + "0\r\nT: t\r\n\r\n";
    String form =
        "POST /f HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            + "Content-Length: 11\r\nExpect: 100-continue\r\n\r\na=1&b=%20+&";
    return List.of(
        ascii(Raw.post("/t", "x")).clone(),
        ascii(
            "POST /r HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
                + rich.length()
                + "\r\n\r\n"
                + rich),
        ascii(Raw.post("/t", "{\"tag\":\"a.b\",\"n\":1}")),
        ascii(chunked),
        ascii(form),
        ascii("GET /health HTTP/1.0\r\n\r\n"),
        compressed.toByteArray());
  }

  private static byte[] mutated(byte[] request, Random random) {
    byte[] copy = request.clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(copy.length);
      switch (random.nextInt(6)) {
        case 0 -> copy[at] = (byte) random.nextInt(256);
        case 1 -> copy[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> copy[at] = (byte) "\r\n\t:;,0f{}[]\"\\".charAt(random.nextInt(14));
        case 3 -> copy = Arrays.copyOf(copy, Math.max(1, at));
        case 4 -> {
          byte[] more = Arrays.copyOf(copy, copy.length + at / 2);
          System.arraycopy(copy, at - at / 2, more, at, copy.length - at + at / 2);
          copy = more;
        }
        default -> {
          int count = Math.min(copy.length - at, 1 + random.nextInt(8));
          byte[] less = Arrays.copyOf(copy, Math.max(1, copy.length - count));
          System.arraycopy(copy, at + count, less, at, copy.length - at - count);
          copy = less;
        }
      }
    }
    return copy;
  }

  @Test
  @Timeout(86_400)
  void nothingBreaksLeaksOrSticks() throws Exception {
    List<byte[]> requests = requests();
    for (int done = 0; done < MUTATIONS; done += PER_INPUT) {
      round(requests, Math.min(PER_INPUT, MUTATIONS - done), SEED + done);
    }
  }

  private void round(List<byte[]> requests, int mutations, long seed) throws Exception {
    Random random = new Random(seed);
    TestContext context = new TestContext(state, 4096, 64 << 20).flush(Duration.ofMillis(1));
    try (Receiving receiving =
        new Receiving(context, new TestIntake(context, true), "tag_key", "tag")) {
      List<Raw> open = new ArrayList<>();
      for (int done = 0; done < mutations; done += PER_CONNECTION) {
        Raw client = receiving.connect();
        open.add(client);
        try {
          for (int i = 0; i < PER_CONNECTION; i++) {
            byte[] request = requests.get(random.nextInt(requests.size()));
            byte[] bytes = random.nextInt(3) == 0 ? request : mutated(request, random);
            int cut = random.nextInt(bytes.length + 1);
            client.send(Arrays.copyOf(bytes, cut), Arrays.copyOfRange(bytes, cut, bytes.length));
          }
        } catch (IOException e) {
          // The input ended it.
        }
        if (open.size() == 20 || random.nextInt(20) == 0) {
          for (Raw each : open) {
            each.close();
          }
          open.clear();
        }
      }
      for (Raw each : open) {
        each.close();
      }
      Receiving.await(() -> receiving.open() == 0);
      Receiving.await(() -> context.meters().value(HttpMeter.UNDER_WAY) == 0);
      assertThat(context.meters().count(HttpMeter.FAULTS)).as("seed %d", seed).isZero();
      assertThat(context.meters().value(HttpMeter.HELD)).as("seed %d", seed).isZero();
      assertThat(receiving.requests(201)).isPositive();
      assertThat(receiving.requests(400)).isPositive();
      assertThat(receiving.json("/t", "{}").statusCode()).isEqualTo(201);
      JsonScanner scanner = new JsonScanner(context.names());
      receiving
          .intake
          .entries()
          .forEach(
              entry -> {
                byte[] json = entry.json().getBytes(StandardCharsets.UTF_8);
                assertThat(scanner.scan(json, 0, json.length))
                    .as("seed %d: %s", seed, entry.json())
                    .isIn(JsonScanner.CLEAN, JsonScanner.TRAILING_BREAK);
              });
    }
    assertThat(context.testBatches().used()).as("seed %d", seed).isZero();
  }
}
