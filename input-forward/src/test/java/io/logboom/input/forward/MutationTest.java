package io.logboom.input.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.json.JsonScanner;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.TestIntake;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Frames with damage in them: whatever comes, nothing breaks but the connection it came over.
 * {@code -Dforward.mutations=10000000} tries more, {@code -Dforward.seed=N} others.
 */
final class MutationTest {
  private static final int MUTATIONS = Integer.getInteger("forward.mutations", 20_000);
  private static final long SEED = Long.getLong("forward.seed", 20_261_125L);
  private static final int PER_CONNECTION = 20;
  private static final int PER_INPUT = 20_000;

  @TempDir Path state;

  private static List<byte[]> frames() {
    byte[] rich =
        Frames.packed(
            p -> {
              p.packArrayHeader(3).packString("kube.var.log").packArrayHeader(2);
              for (int i = 0; i < 2; i++) {
                p.packArrayHeader(2).packArrayHeader(2);
                Frames.eventTime(p, Frames.SECONDS, 5);
                p.packMapHeader(1).packString("m").packNil();
                p.packMapHeader(7);
                p.packString("log").packString("line of a log with \u00e9 and \ud834\udd1e\n");
                p.packString("n").packLong(Long.MIN_VALUE);
                p.packString("f").packDouble(0.1);
                p.packString("list").packArrayHeader(2).packFloat(1.5f).packBoolean(true);
                p.packString("map").packMapHeader(1).packInt(1).packBinaryHeader(2);
                p.writePayload(new byte[] {(byte) 0xFF, 1});
                p.packString("n").packString("again");
                p.packString("ext").packExtensionTypeHeader((byte) 5, 3).writePayload(new byte[3]);
              }
              Frames.option(p, "chunk");
            });
    byte[] entries = Frames.entries(0, 5);
    return List.of(
        rich,
        Frames.message("tag", 1, "m"),
        Frames.message("tag", 2, null),
        Frames.forward("tag", 3, 4, "f"),
        Frames.packedForward("tag", 7, 5, "p"),
        Frames.payload("tag", rich, null),
        Frames.payload("tag", Frames.gzip(entries), "g"),
        Frames.payload("tag", Frames.zstd(entries), "z"));
  }

  private static byte[] mutated(byte[] frame, Random random) {
    byte[] copy = frame.clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(copy.length);
      switch (random.nextInt(6)) {
        case 0 -> copy[at] = (byte) random.nextInt(256);
        case 1 -> copy[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> copy[at] = (byte) (0x80 | random.nextInt(0x80));
        case 3 -> copy = Arrays.copyOf(copy, Math.max(1, at));
        case 4 -> {
          byte[] more = Frames.join(Arrays.copyOf(copy, at), Arrays.copyOfRange(copy, at / 2, at));
          copy = Frames.join(more, Arrays.copyOfRange(copy, at, copy.length));
        }
        default -> {
          int count = Math.min(copy.length - at, 1 + random.nextInt(8));
          random.nextBytes(copy);
          System.arraycopy(frame, 0, copy, 0, Math.min(frame.length, Math.min(at, copy.length)));
          copy = Arrays.copyOf(copy, Math.max(1, copy.length - count));
        }
      }
    }
    return copy;
  }

  @Test
  @Timeout(86_400)
  void nothingBreaksLeaksOrSticks() throws Exception {
    List<byte[]> frames = frames();
    for (int done = 0; done < MUTATIONS; done += PER_INPUT) {
      round(frames, Math.min(PER_INPUT, MUTATIONS - done), SEED + done);
    }
  }

  private void round(List<byte[]> frames, int mutations, long seed) throws Exception {
    Random random = new Random(seed);
    TestContext context = new TestContext(state).flush(Duration.ofMillis(1));
    try (Receiving receiving = new Receiving(context, new TestIntake(context, true))) {
      List<Sender> open = new ArrayList<>();
      for (int done = 0; done < mutations; done += PER_CONNECTION) {
        Sender sender = receiving.connect();
        open.add(sender);
        try {
          for (int i = 0; i < PER_CONNECTION; i++) {
            byte[] frame = frames.get(random.nextInt(frames.size()));
            boolean whole = random.nextInt(3) == 0;
            byte[] bytes = whole ? frame : mutated(frame, random);
            int cut = random.nextInt(bytes.length + 1);
            sender.send(Arrays.copyOf(bytes, cut), Arrays.copyOfRange(bytes, cut, bytes.length));
          }
        } catch (IOException e) {
          // The input ended it.
        }
        if (open.size() == 20 || random.nextInt(20) == 0) {
          for (Sender each : open) {
            each.close();
          }
          open.clear();
        }
      }
      for (Sender each : open) {
        each.close();
      }
      Receiving.await(() -> receiving.open() == 0);
      assertThat(context.meters().count(ForwardMeter.FAULTS)).as("seed %d", seed).isZero();
      assertThat(context.meters().value(ForwardMeter.UNFINISHED)).as("seed %d", seed).isZero();
      assertThat(receiving.closed(Fault.MALFORMED)).isPositive();
      try (Sender sender = receiving.connect()) {
        sender.send(Frames.packedForward("t", 0, 3, "alive"));
        assertThat(sender.ack()).isEqualTo("alive");
      }
      JsonScanner scanner = new JsonScanner(context.names());
      receiving
          .intake
          .entries()
          .forEach(
              entry -> {
                byte[] json = entry.json().getBytes(StandardCharsets.UTF_8);
                assertThat(scanner.scan(json, 0, json.length) & JsonScanner.NOT_AN_OBJECT)
                    .as("seed %d: %s", seed, entry.json())
                    .isZero();
              });
    }
    assertThat(context.testBatches().used()).as("seed %d", seed).isZero();
  }
}
