package io.logboom.it.loki;

import io.logboom.testkit.loki.FakeLoki;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** A Loki that the agent delivers to, and what is in it. */
interface Target extends AutoCloseable {
  /** The tenant of these tests. */
  String TENANT = "logboom-it";

  /** One line as it is there. */
  record Line(long nanos, String text, Map<String, String> labels, Map<String, String> metadata) {}

  String host();

  int port();

  /** The lines with this label, oldest first. */
  List<Line> lines(String label, String value) throws IOException, InterruptedException;

  /** The stand-in, which is there always. */
  static Target fake() throws IOException {
    FakeLoki loki = FakeLoki.start();
    return new Target() {
      @Override
      public String host() {
        return "127.0.0.1";
      }

      @Override
      public int port() {
        return loki.port();
      }

      @Override
      public List<Line> lines(String label, String value) {
        return loki.stored().stream()
            .filter(s -> value.equals(s.labels().get(label)) && TENANT.equals(s.tenant()))
            .map(s -> new Line(s.nanos(), s.line(), s.labels(), s.metadata()))
            .sorted(Comparator.comparingLong(Line::nanos))
            .toList();
      }

      @Override
      public void close() throws IOException {
        loki.close();
        if (!loki.server().complaints().isEmpty() || loki.silentlyDropped() > 0) {
          throw new AssertionError(loki.server().complaints() + ", " + loki.silentlyDropped());
        }
      }

      @Override
      public String toString() {
        return "stand-in";
      }
    };
  }

  @Override
  void close() throws IOException;
}
