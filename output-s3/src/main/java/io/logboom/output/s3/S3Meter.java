package io.logboom.output.s3;

import io.logboom.api.meter.MeterId;

/** The meters of this output. */
enum S3Meter implements MeterId {
  STAGED("s3_staged", Kind.GAUGE, "bytes", "Bytes on disk that wait for their upload."),
  STAGED_OBJECTS(
      "s3_staged_objects", Kind.GAUGE, "", "Objects on disk that are not uploaded, full or not."),
  OLDEST(
      "s3_oldest_staged",
      Kind.GAUGE,
      "seconds",
      "How long the oldest record on disk has waited for its upload; 0 where there is none."),
  OBJECTS("s3_objects", Kind.COUNTER, "", "Objects that were uploaded."),
  PARTS("s3_parts", Kind.COUNTER, "", "Parts of multipart uploads that were uploaded."),
  UPLOADED("s3_uploaded", Kind.COUNTER, "bytes", "Bytes of objects that were uploaded."),
  UPLOAD_FAILURES(
      "s3_upload_failures",
      Kind.COUNTER,
      "",
      "Tries to upload an object that failed; the object stays on disk and is tried again."),
  REFUSED(
      "s3_uploads_refused",
      Kind.GAUGE,
      "",
      "1 while uploads are refused for a reason that an operator must mend, such as a missing"
          + " bucket or permission; else 0."),
  REQUESTS(
      "s3_requests",
      Kind.COUNTER,
      "",
      "Requests by the class of their answer (status: 2xx, 4xx, 429, 5xx, other, none)."),
  STAGED_RECORDS("s3_staged_records", Kind.COUNTER, "", "Records that were staged on disk."),
  REPEATED(
      "s3_repeated",
      Kind.COUNTER,
      "records",
      "Records that an input read again, and that were left out since they are staged already."),
  TORN(
      "s3_torn",
      Kind.COUNTER,
      "bytes",
      "Bytes that a crash left torn at the end of staging files and that were cut off; they were"
          + " never acknowledged."),
  DAMAGED(
      "s3_damaged",
      Kind.COUNTER,
      "bytes",
      "Bytes of staging files that the disk gave back damaged; they are kept aside."),
  REPAIRED(
      "s3_repaired",
      Kind.COUNTER,
      "records",
      "Records written with bytes that are not UTF-8, which stand there as U+FFFD.");

  private final String metric;
  private final Kind kind;
  private final String unit;
  private final String text;

  S3Meter(String metric, Kind kind, String unit, String text) {
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
