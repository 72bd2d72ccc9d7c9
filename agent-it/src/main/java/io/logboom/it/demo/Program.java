package io.logboom.it.demo;

import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** Kinds of program, by what they log. Each call gives what one event makes it write. */
enum Program {
  /** A service with structured logs: one JSON object a line. */
  JSON {
    @Override
    List<Line> event(RandomGenerator random, long number) {
      String level = random.nextInt(50) == 0 ? "error" : random.nextInt(10) == 0 ? "warn" : "info";
      String what = MESSAGES[random.nextInt(MESSAGES.length)];
      String id = String.format(Locale.ROOT, "req-%08x-%06d", random.nextInt(), number);
      String text =
          String.format(
              Locale.ROOT,
              "{\"level\":\"%s\",\"msg\":\"%s\",\"request_id\":\"%s\",\"cart_items\":%d,\"latency_ms\":%.1f,\"retry\":%b}",
              level,
              what,
              id,
              random.nextInt(12),
              random.nextDouble(1, 400),
              random.nextInt(20) == 0);
      return List.of(new Line("stdout", text, id));
    }
  },

  /** A web server: combined log format. */
  ACCESS {
    @Override
    List<Line> event(RandomGenerator random, long number) {
      String path = PATHS[random.nextInt(PATHS.length)] + random.nextInt(5_000);
      int status = random.nextInt(40) == 0 ? 502 : random.nextInt(15) == 0 ? 404 : 200;
      String text =
          String.format(
              Locale.ROOT,
              "10.42.%d.%d - - [%s] \"GET %s HTTP/1.1\" %d %d \"-\" \"Mozilla/5.0 (X11; Linux"
                  + " x86_64)\" rt=0.%03d n=%d",
              random.nextInt(8),
              random.nextInt(250),
              CLOCK_TIME.format(java.time.ZonedDateTime.now(java.time.ZoneOffset.UTC)),
              path,
              status,
              random.nextInt(60_000),
              random.nextInt(900),
              number);
      return List.of(Line.of(status < 500 ? "stdout" : "stderr", text));
    }
  },

  /** A Java service: plain lines, and now and then a stack trace over several. */
  JAVA {
    @Override
    List<Line> event(RandomGenerator random, long number) {
      String thread = "exec-" + random.nextInt(16);
      if (random.nextInt(25) > 0) {
        String text =
            String.format(
                Locale.ROOT,
                "INFO  [%s] c.e.ledger.PostingService - posted entry %d in %d ms",
                thread,
                number,
                random.nextInt(80));
        return List.of(Line.of("stdout", text));
      }
      return List.of(
          Line.of(
              "stderr",
              "ERROR [" + thread + "] c.e.ledger.PostingService - entry " + number + " refused"),
          Line.of("stderr", "java.lang.IllegalStateException: account is closed"),
          Line.of("stderr", "\tat com.example.ledger.Account.debit(Account.java:88)"),
          Line.of("stderr", "\tat com.example.ledger.PostingService.post(PostingService.java:141)"),
          Line.of("stderr", "\tat java.base/java.lang.Thread.run(Thread.java:1474)"),
          Line.of("stderr", "Caused by: java.sql.SQLException: row 7 is locked"),
          Line.of("stderr", "\t... 3 more"));
    }
  },

  /** A program that prints whatever it likes, umlauts and quotes among it. */
  PLAIN {
    @Override
    List<Line> event(RandomGenerator random, long number) {
      String text = PLAIN_TEXT[random.nextInt(PLAIN_TEXT.length)] + " #" + number;
      return List.of(Line.of("stdout", text));
    }
  };

  private static final java.time.format.DateTimeFormatter CLOCK_TIME =
      java.time.format.DateTimeFormatter.ofPattern("dd/MMM/uuuu:HH:mm:ss Z", Locale.ROOT);
  private static final String[] MESSAGES = {
    "order accepted", "cart updated", "payment authorised", "stock reserved", "mail queued"
  };
  private static final String[] PATHS = {
    "/api/v1/items/", "/checkout/", "/img/product-", "/search?q=", "/healthz?probe="
  };
  private static final String[] PLAIN_TEXT = {
    "sync: 3 nodes ready, 0 waiting",
    "lease renewed by \"node-1\" \\o/",
    "Übertragung abgeschlossen, 12 Einträge",
    "warning: clock skew of 14ms against pool",
    "cleaning up finished jobs",
  };

  /**
   * One line of output.
   *
   * @param key what tells it apart in the index: its text, or a member of its JSON that is unique
   */
  record Line(String stream, String text, String key) {
    static Line of(String stream, String text) {
      return new Line(stream, text, text);
    }
  }

  /**
   * @param number counts up over the events of one container
   */
  abstract List<Line> event(RandomGenerator random, long number);
}
