package io.logboom.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.it.agent.AgentProcess;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;

/** One scrape of {@code /metrics}. */
final class Metrics {
  private final Map<String, Double> samples = new LinkedHashMap<>();

  private Metrics() {}

  static Metrics of(AgentProcess agent) throws IOException, InterruptedException {
    Metrics metrics = new Metrics();
    HttpResponse<String> answer = agent.get("/metrics");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    for (String line : answer.body().split("\n")) {
      int value = line.lastIndexOf(' ');
      if (!line.startsWith("#") && value > 0) {
        metrics.samples.put(
            line.substring(0, value),
            Double.parseDouble(line.substring(value + 1).replace("Inf", "Infinity")));
      }
    }
    return metrics;
  }

  /**
   * The sum over all series of the metric that carry all these labels. Fails where there is no such
   * metric at all.
   *
   * @param labels as they stand in the text, such as {@code name="dead"}
   */
  long sum(String metric, String... labels) {
    double sum = 0;
    boolean exists = false;
    for (Map.Entry<String, Double> sample : samples.entrySet()) {
      exists |= matches(sample.getKey(), metric);
      if (matches(sample.getKey(), metric, labels)) {
        sum += sample.getValue();
      }
    }
    if (!exists) {
      throw new AssertionError("no metric " + metric + " among " + samples.keySet());
    }
    return Math.round(sum);
  }

  private static boolean matches(String series, String metric, String... labels) {
    if (!series.equals(metric) && !series.startsWith(metric + "{")) {
      return false;
    }
    for (String label : labels) {
      if (!series.contains("{" + label) && !series.contains("," + label)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return samples.toString();
  }
}
