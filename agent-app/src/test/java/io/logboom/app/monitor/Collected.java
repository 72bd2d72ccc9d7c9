package io.logboom.app.monitor;

import io.logboom.api.meter.MeterId;
import io.logboom.core.meter.Histogram;
import java.util.LinkedHashMap;
import java.util.Map;

/** What one scrape shows, by the names that it has then. */
final class Collected implements Scrape {
  final Map<String, Double> values = new LinkedHashMap<>();

  @Override
  public void value(MeterId id, double value, String... labels) {
    StringBuilder name = new StringBuilder("logboom_").append(id.metric());
    if (!id.unit().isEmpty()) {
      name.append('_').append(id.unit());
    }
    name.append(id.kind() == MeterId.Kind.COUNTER ? "_total" : "");
    char before = '{';
    for (int i = 0; i < labels.length; i += 2) {
      name.append(before).append(labels[i]).append("=\"").append(labels[i + 1]).append('"');
      before = ',';
    }
    String series = labels.length == 0 ? name.toString() : name.append('}').toString();
    if (values.put(series, value) != null) {
      throw new IllegalStateException("twice: " + series);
    }
  }

  @Override
  public void histogram(MeterId id, Histogram histogram, String... labels) {}

  double value(String series) {
    Double value = values.get(series);
    if (value == null) {
      throw new IllegalArgumentException(series + " is not in " + values.keySet());
    }
    return value;
  }
}
