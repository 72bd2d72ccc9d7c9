package io.logboom.output.cloudwatch;

import io.logboom.api.meter.MeterId;

/** The meters of this output. */
enum CloudWatchMeter implements MeterId {
  REQUESTS(
      "cloudwatch_requests",
      "",
      "Requests by the class of their answer (status: 2xx, 4xx, 429, 5xx, other, none)."),
  EVENTS(
      "cloudwatch_events",
      "",
      "Events by result: accepted; too_old, too_new and expired as the service said; refused, for"
          + " another reason of the service; no_group; oversize; no_log_key; empty, of which"
          + " nothing is sent."),
  CUT("cloudwatch_events_cut", "", "Events that were cut at max_event_size."),
  REPAIRED(
      "cloudwatch_events_repaired",
      "",
      "Events sent with bytes that are not UTF-8, which stand there as U+FFFD."),
  THROTTLED(
      "cloudwatch_throttled", "", "Answers that asked for patience: throttling, 429 and 5xx."),
  CREATED(
      "cloudwatch_creations", "", "Groups and streams that were created (what: group, stream)."),
  RENAMED(
      "cloudwatch_names_changed",
      "",
      "Names of groups and streams that had characters which they cannot have, or too many."),
  ENCODED("cloudwatch_encoded", "bytes", "Bytes of request bodies before compression."),
  SENT("cloudwatch_sent", "bytes", "Bytes of request bodies as sent.");

  private final String metric;
  private final String unit;
  private final String text;

  CloudWatchMeter(String metric, String unit, String text) {
    this.metric = metric;
    this.unit = unit;
    this.text = text;
  }

  @Override
  public String metric() {
    return metric;
  }

  @Override
  public Kind kind() {
    return Kind.COUNTER;
  }

  @Override
  public String unit() {
    return unit;
  }

  @Override
  public String text() {
    return text;
  }
}
