package io.logboom.output.s3;

import io.logboom.net.body.Segments;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What uploading asks of S3: one try each. */
interface ObjectStore {
  /**
   * {@code PutObject}: the whole object.
   *
   * @param sha256 of the body, in hexadecimal digits; null where it is to be computed
   */
  void put(String key, Staged.Coding coding, Segments body, @Nullable String sha256)
      throws UploadFailure, InterruptedException;

  /** {@code CreateMultipartUpload}: the upload's id. */
  String create(String key, Staged.Coding coding) throws UploadFailure, InterruptedException;

  /**
   * {@code UploadPart}: the part's ETag.
   *
   * @param sha256 as with {@link #put}
   */
  String part(String key, String uploadId, int number, Segments body, @Nullable String sha256)
      throws UploadFailure, InterruptedException;

  /** {@code CompleteMultipartUpload}. */
  void complete(String key, String uploadId, List<String> etags)
      throws UploadFailure, InterruptedException;

  /** {@code AbortMultipartUpload}; one that is gone already is as good. */
  void abort(String key, String uploadId) throws UploadFailure, InterruptedException;

  /** {@code ListMultipartUploads}: the ids of the uploads of a key that are open. */
  List<String> open(String key) throws UploadFailure, InterruptedException;

  /**
   * {@code HeadObject}: the length of the object with this key; -1 where there is none, or it may
   * not be known.
   */
  long length(String key) throws UploadFailure, InterruptedException;
}
