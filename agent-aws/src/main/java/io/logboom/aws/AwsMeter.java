package io.logboom.aws;

import io.logboom.api.meter.MeterId;

/**
 * The meters of credentials. Each output has them; outputs with the same identity share one source,
 * and show the same numbers.
 */
enum AwsMeter implements MeterId {
  AGE(
      "aws_credentials_age",
      Kind.GAUGE,
      "seconds",
      "How long ago the AWS credentials in use were fetched; NaN where there are none yet."),
  LEFT(
      "aws_credentials_left",
      Kind.GAUGE,
      "seconds",
      "How long the AWS credentials are good yet: 0 where there are none that can be used, +Inf"
          + " where they do not end."),
  REFRESHES(
      "aws_credentials_refreshes", Kind.COUNTER, "", "How often AWS credentials were fetched."),
  FAILURES(
      "aws_credentials_failures",
      Kind.COUNTER,
      "",
      "Tries to fetch AWS credentials that gave none."),
  REJECTED(
      "aws_credentials_rejected",
      Kind.COUNTER,
      "",
      "Requests that a service refused for their credentials, which were sent again with others.");

  private final String metric;
  private final Kind kind;
  private final String unit;
  private final String text;

  AwsMeter(String metric, Kind kind, String unit, String text) {
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
