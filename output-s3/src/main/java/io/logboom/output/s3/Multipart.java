package io.logboom.output.s3;

import io.logboom.output.s3.S3Config.Checksum;

/**
 * An upload in parts that was begun.
 *
 * @param id as S3 named it
 * @param checksum what S3 expects of each part, whatever the options say by now
 */
record Multipart(String id, Checksum checksum) {
  /**
   * A part that S3 has.
   *
   * @param etag as S3 said it
   * @param checksum as S3 was told, in base64; empty where it was not
   */
  record Part(String etag, String checksum) {}
}
