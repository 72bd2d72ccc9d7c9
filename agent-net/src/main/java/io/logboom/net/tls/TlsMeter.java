package io.logboom.net.tls;

import io.logboom.api.meter.MeterId;

/** The meters of TLS, of servers and of clients. */
public enum TlsMeter implements MeterId {
  CERTIFICATE_EXPIRY(
      "tls_certificate_expiry",
      Kind.GAUGE,
      "seconds",
      "When the certificate in the file tls.crt_file expires, in seconds since 1970; of a chain, the"
          + " first that does."),
  RELOADS("tls_reloads", Kind.COUNTER, "", "Times that changed files of TLS were taken into use."),
  RELOAD_FAILURES(
      "tls_reload_failures",
      Kind.COUNTER,
      "",
      "Times that changed files of TLS could not be used, and the ones before went on.");

  private final String metric;
  private final Kind kind;
  private final String unit;
  private final String text;

  TlsMeter(String metric, Kind kind, String unit, String text) {
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
