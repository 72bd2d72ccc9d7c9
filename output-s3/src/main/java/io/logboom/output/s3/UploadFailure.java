package io.logboom.output.s3;

import java.time.Duration;

/** An upload, or a step of it, did not succeed. The message is one short sentence. */
final class UploadFailure extends Exception {
  private static final long serialVersionUID = 1;

  /** Whose fault it is, as far as the answer tells. */
  enum Kind {
    /** The network, the service, or too much at once: a later try may succeed, for all objects. */
    LATER,
    /** Nothing succeeds before an operator has mended it: no bucket, no permission. */
    OPERATOR,
    /** This object; others may succeed. */
    OBJECT,
    /** The multipart upload is not there any more. */
    NO_UPLOAD,
    /** The service says that the parts are not what it has. */
    BAD_PARTS,
    /** The service read other bytes than were signed. */
    BAD_DIGEST
  }

  private final Kind kind;
  private final transient Duration notBefore;

  UploadFailure(Kind kind, String why, Duration notBefore) {
    super(why);
    this.kind = kind;
    this.notBefore = notBefore;
  }

  UploadFailure(Kind kind, String why) {
    this(kind, why, Duration.ZERO);
  }

  Kind kind() {
    return kind;
  }

  /** How long the service asked to wait. */
  Duration notBefore() {
    return notBefore;
  }

  String why() {
    return String.valueOf(getMessage());
  }
}
