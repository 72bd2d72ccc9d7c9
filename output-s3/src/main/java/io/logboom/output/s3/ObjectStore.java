package io.logboom.output.s3;

import io.logboom.net.body.Segments;
import io.logboom.output.s3.Multipart.Part;
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

  /** {@code CreateMultipartUpload}. */
  Multipart create(String key, Staged.Coding coding) throws UploadFailure, InterruptedException;

  /**
   * {@code UploadPart}.
   *
   * @param sha256 as with {@link #put}
   */
  Part part(String key, Multipart upload, int number, Segments body, @Nullable String sha256)
      throws UploadFailure, InterruptedException;

  /** {@code CompleteMultipartUpload}. */
  void complete(String key, Multipart upload, List<Part> parts)
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
