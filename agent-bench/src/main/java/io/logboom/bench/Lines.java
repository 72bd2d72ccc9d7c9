package io.logboom.bench;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Log lines of the kinds that a node has, the same ones for the same seed. Each carries a sequence.
 */
final class Lines {
  private static final String[] LEVELS = {"info", "debug", "warn", "error"};
  private static final String[] MESSAGES = {
    "order placed",
    "cart updated, 3 items, total 41.90",
    "payment of order 118237 accepted by provider acme after 2 tries",
    "cache miss for key product:4711, loading from the database",
    "request to inventory-service took longer than 500 ms",
    "user \\\"maria@example.com\\\" signed in from 10.0.3.17",
    "retrying in 250 ms: connection reset by peer",
    "scheduled job price-refresh finished: 1200 rows in 3.4 s"
  };
  private static final String[] PATHS = {
    "/", "/api/v1/items/4711", "/api/v1/cart", "/static/app.3f9c.js", "/healthz", "/search?q=boots"
  };
  private static final String[] AGENTS = {
    "curl/8.5.0",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36",
    "kube-probe/1.34"
  };
  private static final String[] PLAIN = {
    "Starting periodic compaction of table events",
    "I1122 06:00:00.123456       1 controller.go:114] \"Reconciled\" object=\"shop/web\" took=\"12ms\"",
    "session opened for user root by (uid=0)",
    "worker 3: fetched batch of 128 messages from partition 7, lag 0",
    "warning: deprecated option 'legacy_mode' is set and will be ignored"
  };

  private final SplittableRandom random;

  Lines(long seed) {
    random = new SplittableRandom(seed);
  }

  /** One structured line, about 260 bytes. */
  String json(String stamp, int container, long n) {
    return String.format(
        Locale.ROOT,
        "{\"ts\":\"%s\",\"level\":\"%s\",\"logger\":\"com.shop.cart.CartService\","
            + "\"thread\":\"http-nio-8080-exec-%d\",\"msg\":\"%s\",\"trace_id\":\"%032x\","
            + "\"user_id\":%d,\"latency_ms\":%d.%02d,\"ok\":%s,\"seq\":\"%d-%d\"}",
        stamp,
        LEVELS[random.nextInt(LEVELS.length)],
        random.nextInt(20),
        MESSAGES[random.nextInt(MESSAGES.length)],
        random.nextLong() & Long.MAX_VALUE,
        random.nextInt(100_000),
        random.nextInt(900),
        random.nextInt(100),
        random.nextInt(7) != 0,
        container,
        n);
  }

  /** One unstructured line: an access log line or a plain one. */
  String text(int container, long n) {
    String line =
        random.nextInt(2) == 0
            ? String.format(
                Locale.ROOT,
                "10.0.%d.%d - - [22/Nov/2026:06:00:00 +0000] \"GET %s HTTP/1.1\" %d %d \"-\" \"%s\"",
                random.nextInt(250),
                random.nextInt(250),
                PATHS[random.nextInt(PATHS.length)],
                random.nextInt(20) == 0 ? 500 : 200,
                random.nextInt(50_000),
                AGENTS[random.nextInt(AGENTS.length)])
            : PLAIN[random.nextInt(PLAIN.length)];
    return line + " seq=" + container + "-" + n;
  }

  /** A time that grows by a millisecond with each line, as a container runtime writes it. */
  static String stamp(long n) {
    return String.format(
        Locale.ROOT,
        "2026-11-22T%02d:%02d:%02d.%09dZ",
        6 + n / 3_600_000 % 12,
        n / 60_000 % 60,
        n / 1000 % 60,
        n % 1000 * 1_000_000 + 1234);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
