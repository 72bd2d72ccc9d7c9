package io.logboom.output.file;

import io.logboom.api.meter.MeterId;

/** The meters of {@code file}. */
enum FileMeter implements MeterId {
  WRITTEN("file_output_written", "bytes", "Bytes that were appended to files."),
  ROTATIONS("file_output_rotations", "", "Files that were rotated."),
  FAILURES(
      "file_output_failures", "", "Appends that failed, whose records are written again later.");

  private final String metric;
  private final String unit;
  private final String text;

  FileMeter(String metric, String unit, String text) {
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
