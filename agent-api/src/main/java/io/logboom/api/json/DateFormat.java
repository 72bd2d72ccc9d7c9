package io.logboom.api.json;

/**
 * How a record's time is written in JSON: the values of {@code json_date_format}. The last two are
 * other words for {@link #EPOCH_MS}.
 */
public enum DateFormat {
  DOUBLE,
  EPOCH,
  EPOCH_MS,
  ISO8601,
  JAVA_SQL_TIMESTAMP,
  EPOCH_MILLIS,
  EPOCH_MILLISECONDS
}
