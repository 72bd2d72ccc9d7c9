package io.logboom.app.train;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;

/** Writes container logs as a runtime does (CRI): JSON, access log, plain text, partial lines. */
final class Lines {
  private final Random random = new Random(42);

  /** Writes a file of {@code count} records. */
  void write(Path file, int count) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (int i = 0; i < count; i++) {
        String time =
            String.format(
                Locale.ROOT, "2026-11-22T08:%02d:%02d.%09dZ", i / 60 % 60, i % 60, i % 1_000_000);
        String stream = i % 7 == 0 ? "stderr" : "stdout";
        String body = body(i);
        if (i % 50 == 0) {
          int cut = body.length() / 2;
          out.write(time + ' ' + stream + " P " + body.substring(0, cut) + '\n');
          out.write(time + ' ' + stream + " F " + body.substring(cut) + '\n');
        } else {
          out.write(time + ' ' + stream + " F " + body + '\n');
        }
      }
    }
  }

  private String body(int i) {
    String id = Long.toHexString(random.nextLong());
    return switch (i % 4) {
      case 0, 1 ->
          "{\"level\":\"info\",\"ts\":"
              + (1.7e9 + i)
              + ",\"caller\":\"server/handler.go:"
              + i % 900
              + "\",\"msg\":\"request \\\"done\\\"\",\"trace\":{\"id\":\""
              + id
              + "\",\"sampled\":"
              + (i % 3 == 0)
              + "},\"items\":["
              + i
              + ",null,-1.5e3],\"user\":\"Zoë\"}";
      case 2 ->
          "10.1.2."
              + i % 250
              + " - - [22/Nov/2026:08:45:00 +0000] \"GET /items/"
              + id
              + "?q=a%20b HTTP/1.1\" 200 "
              + random.nextInt(100_000)
              + " \"-\" \"Mozilla/5.0 (X11; Linux x86_64)\"";
      default ->
          "2026-11-22 08:45:00,123 WARN  [worker-"
              + i % 16
              + "] c.e.shop.Basket - basket\t"
              + id
              + " has C:\\temp\\items \"twice\"";
    };
  }
}
