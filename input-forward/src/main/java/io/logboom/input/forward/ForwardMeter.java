package io.logboom.input.forward;

import io.logboom.api.meter.MeterId;

/** What the forward input measures. */
enum ForwardMeter implements MeterId {
  CONNECTIONS("forward_connections", Kind.GAUGE, "", "Connections that are open now."),
  ACCEPTED("forward_connections_accepted", Kind.COUNTER, "", "Connections taken."),
  CLOSED(
      "forward_connections_closed",
      Kind.COUNTER,
      "",
      "Connections ended or refused, by reason: peer, shutdown, reset, tls, too_many_connections,"
          + " handshake, handshake_timeout, malformed, too_large, compression, silent, slow,"
          + " acks_unread, not_delivered, internal."),
  RECEIVED_BYTES("forward_received", Kind.COUNTER, "bytes", "Bytes received, before TLS."),
  RECEIVED_RECORDS("forward_received", Kind.COUNTER, "records", "Records taken in."),
  ACKS("forward_acks", Kind.COUNTER, "", "Chunks acknowledged."),
  NOT_ACKED(
      "forward_chunks_not_acked",
      Kind.COUNTER,
      "",
      "Chunks not acknowledged since records of theirs were not delivered."),
  LOST(
      "forward_lost",
      Kind.COUNTER,
      "records",
      "Records that were not delivered and whose sender asked for no acknowledgement."),
  REFUSED(
      "forward_frames_refused",
      Kind.COUNTER,
      "",
      "Frames left out since they are no logs, by signal: metrics, traces, other."),
  REPAIRED(
      "forward_repaired",
      Kind.COUNTER,
      "records",
      "Records with text that is not UTF-8, in which U+FFFD stands for it."),
  BASE64(
      "forward_base64",
      Kind.COUNTER,
      "records",
      "Records with binary values, which are in Base64."),
  FAULTS(
      "forward_faults", Kind.COUNTER, "", "Defects of the program that the input went on after."),
  PAUSES("forward_pauses", Kind.COUNTER, "", "Times that reading stopped for want of room."),
  PAUSED("forward_paused", Kind.GAUGE, "", "Threads that do not read now for want of room."),
  UNFINISHED(
      "forward_unfinished",
      Kind.GAUGE,
      "bytes",
      "Memory for bytes that were received and are not decoded yet.");

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
