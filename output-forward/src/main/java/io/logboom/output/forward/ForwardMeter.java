package io.logboom.output.forward;

import io.logboom.api.meter.MeterId;

/** What the forward output measures. */
enum ForwardMeter implements MeterId {
  ENCODED("forward_encoded", Kind.COUNTER, "bytes", "Bytes of frames before compression."),
  SENT("forward_sent", Kind.COUNTER, "bytes", "Bytes of frames as sent, before TLS."),
  FRAMES("forward_frames_sent", Kind.COUNTER, "", "Frames sent."),
  ACKED("forward_frames_acknowledged", Kind.COUNTER, "", "Frames that servers acknowledged."),
  WAITING(
      "forward_acks_waited", Kind.GAUGE, "", "Frames that were sent and are not acknowledged yet."),
  FAILURES(
      "forward_send_failures",
      Kind.COUNTER,
      "",
      "Sends that failed, whole or in part, by reason: dns, connect, tls, handshake, closed,"
          + " timeout, wrong_ack, protocol."),
  TIMES_MOVED(
      "forward_times_moved",
      Kind.COUNTER,
      "records",
      "Records whose time an EventTime cannot hold, sent with the nearest that it can.");

  private final String metric;
  private final Kind kind;
  private final String unit;
  private final String text;

  ForwardMeter(String metric, Kind kind, String unit, String text) {
    this.metric = metric;
    this.kind = kind;
    this.unit = unit;
    this.text = text;
  }

  @Override
  public String metric() {
    return metric;
  }

  @Override
  public Kind kind() {
    return kind;
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
