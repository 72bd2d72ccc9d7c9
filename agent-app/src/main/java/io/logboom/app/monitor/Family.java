package io.logboom.app.monitor;

import io.logboom.core.meter.Histogram;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Samples of one metric, and Fluent Bit's two ways to write them. */
final class Family {
  private final String name;
  private final Type type;
  private final String help;
  private final List<String> labels;
  private final List<Sample> samples = new ArrayList<>();

  /** The types that are in use. */
  enum Type {
    COUNTER,
    GAUGE,
    HISTOGRAM
  }

  /** A series; a histogram has several per sample, told by a suffix and a bound. */
  private record Sample(String suffix, List<String> labelValues, String bound, double value) {}

  /**
   * @param name with the prefix {@code fluentbit_}
   */
  Family(String name, Type type, String help, String... labels) {
    this.name = name;
    this.type = type;
    this.help = help;
    this.labels = List.of(labels);
  }

  Family add(double value, String... labelValues) {
    if (labelValues.length != labels.size()) {
      throw new IllegalArgumentException(name + " has the labels " + labels);
    }
    samples.add(new Sample("", List.of(labelValues), "", value));
    return this;
  }

  /**
   * The series of a histogram: a running sum up to each bound, the sum of all values, and how many.
   */
  Family add(Histogram histogram, String... labelValues) {
    List<String> values = List.of(labelValues);
    long seen = 0;
    for (int i = 0; i < histogram.bounds().size(); i++) {
      seen += histogram.counts().get(i);
      double bound = histogram.bounds().get(i);
      String text = Double.isInfinite(bound) ? "+Inf" : number(bound);
      samples.add(new Sample("_bucket", values, text, seen));
    }
    samples.add(new Sample("_sum", values, "", histogram.seconds()));
    samples.add(new Sample("_count", values, "", seen));
    return this;
  }

  String name() {
    return name;
  }

  /** Prometheus's text format, version 0.0.4. */
  void prometheus(StringBuilder out) {
    if (samples.isEmpty()) {
      return;
    }
    out.append("# HELP ").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(name).append(' ');
    out.append(type.name().toLowerCase(Locale.ROOT)).append('\n');
    for (Sample sample : samples) {
      series(sample, out);
      out.append(' ').append(number(sample.value)).append('\n');
    }
  }

  /** {@code time name{labels} = value}, a line per sample. */
  void text(Instant time, StringBuilder out) {
    for (Sample sample : samples) {
      out.append(DateTimeFormatter.ISO_INSTANT.format(time)).append(' ');
      series(sample, out);
      out.append(" = ").append(number(sample.value)).append('\n');
    }
  }

  private void series(Sample sample, StringBuilder out) {
    out.append(name).append(sample.suffix);
    char open = '{';
    for (int i = 0; i < labels.size(); i++) {
      out.append(open).append(labels.get(i)).append("=\"");
      out.append(escape(sample.labelValues.get(i))).append('"');
      open = ',';
    }
    if (!sample.bound.isEmpty()) {
      out.append(open).append("le=\"").append(sample.bound).append('"');
      open = ',';
    }
    if (open == ',') {
      out.append('}');
    }
  }

  static String escape(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
