package io.logboom.output.s3;

import io.logboom.aws.AwsCredentials;
import io.logboom.aws.AwsSigner;
import io.logboom.aws.Credentials;
import io.logboom.aws.CredentialsFailure;
import io.logboom.aws.Payload;
import io.logboom.net.HostPort;
import io.logboom.net.body.SegmentPool;
import io.logboom.net.body.Segments;
import io.logboom.net.http.HttpClient;
import io.logboom.net.http.HttpFailure;
import io.logboom.net.http.HttpRequest;
import io.logboom.net.http.HttpResponse;
import io.logboom.net.http.StatusCounters;
import io.logboom.output.s3.Multipart.Part;
import io.logboom.output.s3.S3Config.Checksum;
import io.logboom.output.s3.UploadFailure.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The requests of S3's API that uploading needs, one try each. The bucket stands in the path. Safe
 * for all threads.
 */
final class S3Api implements ObjectStore, AutoCloseable {
  private static final long SLOW = 256 * 1024;
  private static final String COMPLETED = "CompleteMultipartUploadResult";
  private static final String LISTED = "ListMultipartUploadsResult";
  private static final Pattern UPLOAD_ID = Pattern.compile("<UploadId>([^<]+)</UploadId>");
  private static final Pattern UPLOAD = Pattern.compile("(?s)<Upload>(.*?)</Upload>");
  private static final Pattern KEY = Pattern.compile("<Key>([^<]*)</Key>");

  private final HttpClient client;
  private final HostPort host;
  private final AwsCredentials credentials;
  private final AwsSigner signer;
  private final StatusCounters requests;
  private final String bucket;
  private final S3Config.Properties properties;
  private final SegmentPool pool = new SegmentPool(4096, 8);

  S3Api(
      HttpClient client,
      HostPort host,
      AwsCredentials credentials,
      AwsSigner signer,
      StatusCounters requests,
      String bucket,
      S3Config.Properties properties) {
    this.client = client;
    this.host = host;
    this.credentials = credentials;
    this.signer = signer;
    this.requests = requests;
    this.bucket = bucket;
    this.properties = properties;
  }

  @Override
  public void put(String key, Staged.Coding coding, Segments body, @Nullable String sha256)
      throws UploadFailure, InterruptedException {
    List<String> headers = properties(coding);
    Checksum checksum = properties.checksumAlgorithm();
    String hash = digests(body, sha256, checksum, headers);
    S3Answer answer = check(send("PUT", path(key), headers, body, hash), key);
    // Only S3 and its like say an ETag; a proxy that answers 200 to all does not.
    etag(answer, key);
  }

  @Override
  public Multipart create(String key, Staged.Coding coding)
      throws UploadFailure, InterruptedException {
    List<String> headers = properties(coding);
    Checksum checksum = properties.checksumAlgorithm();
    add("x-amz-checksum-algorithm", checksum == Checksum.SHA256 ? "SHA256" : null, headers);
    S3Answer answer = check(send("POST", path(key) + "?uploads=", headers, null), key);
    Matcher id = UPLOAD_ID.matcher(answer.body());
    if (!id.find()) {
      throw answer.incomplete("UploadId", what(key));
    }
    return new Multipart(plain(id.group(1)), checksum);
  }

  @Override
  public Part part(String key, Multipart upload, int number, Segments body, @Nullable String sha256)
      throws UploadFailure, InterruptedException {
    List<String> headers = new ArrayList<>();
    String hash = digests(body, sha256, upload.checksum(), headers);
    String path = path(key) + "?partNumber=" + number + "&uploadId=" + encoded(upload.id(), false);
    S3Answer answer = check(send("PUT", path, headers, body, hash), key);
    String told = hash == null || upload.checksum() == Checksum.NONE ? "" : base64(hash);
    return new Part(etag(answer, key), told);
  }

  private String etag(S3Answer answer, String key) throws UploadFailure {
    if (answer.etag().isEmpty()) {
      throw answer.incomplete("ETag", what(key));
    }
    return answer.etag();
  }

  @Override
  public void complete(String key, Multipart upload, List<Part> parts)
      throws UploadFailure, InterruptedException {
    StringBuilder xml =
        new StringBuilder(
            "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      xml.append("<Part><PartNumber>").append(i + 1).append("</PartNumber><ETag>");
      xml.append(part.etag().replace("&", "&amp;").replace("<", "&lt;")).append("</ETag>");
      if (!part.checksum().isEmpty()) {
        xml.append("<ChecksumSHA256>").append(part.checksum()).append("</ChecksumSHA256>");
      }
      xml.append("</Part>");
    }
    byte[] utf8 =
        xml.append("</CompleteMultipartUpload>").toString().getBytes(StandardCharsets.UTF_8);
    Segments body = new Segments(pool);
    try {
      body.sink().put(utf8, 0, utf8.length);
      body.seal();
      String path = path(key) + "?uploadId=" + encoded(upload.id(), false);
      S3Answer answer =
          check(send("POST", path, List.of("Content-Type", "application/xml"), body), key);
      // An answer can begin with 200 and turn out an error.
      if (answer.body().contains("<Error>")) {
        throw answer.failure(what(key));
      }
      has(COMPLETED, answer, key);
    } finally {
      body.clear();
    }
  }

  private void has(String element, S3Answer answer, String key) throws UploadFailure {
    if (!answer.body().contains(element)) {
      throw answer.incomplete(element, what(key));
    }
  }

  @Override
  public void abort(String key, String uploadId) throws UploadFailure, InterruptedException {
    String path = path(key) + "?uploadId=" + encoded(uploadId, false);
    S3Answer answer = send("DELETE", path, List.of(), null);
    if (answer.status() != 404) {
      check(answer, key);
    }
  }

  @Override
  public List<String> open(String key) throws UploadFailure, InterruptedException {
    String path = "/" + encoded(bucket, false) + "?prefix=" + encoded(key, false) + "&uploads=";
    S3Answer answer = check(send("GET", path, List.of(), null), key);
    has(LISTED, answer, key);
    List<String> ids = new ArrayList<>();
    Matcher uploads = UPLOAD.matcher(answer.body());
    while (uploads.find()) {
      Matcher its = KEY.matcher(uploads.group(1));
      Matcher id = UPLOAD_ID.matcher(uploads.group(1));
      if (its.find() && plain(its.group(1)).equals(key) && id.find()) {
        ids.add(plain(id.group(1)));
      }
    }
    return ids;
  }

  @Override
  public long length(String key) throws UploadFailure, InterruptedException {
    S3Answer answer = send("HEAD", path(key), List.of(), null);
    return answer.status() == 200 ? answer.length() : -1;
  }

  // ---- requests

  private List<String> properties(Staged.Coding coding) {
    List<String> headers = new ArrayList<>();
    add("Content-Type", properties.contentType(), headers);
    add(
        "Content-Encoding",
        switch (coding) {
          case NONE -> null;
          case GZIP -> "gzip";
          case ZSTD -> "zstd";
        },
        headers);
    add("x-amz-acl", properties.cannedAcl(), headers);
    add("x-amz-storage-class", properties.storageClass(), headers);
    add("x-amz-server-side-encryption", properties.sse(), headers);
    add("x-amz-server-side-encryption-aws-kms-key-id", properties.sseKmsKeyId(), headers);
    return headers;
  }

  private static void add(String name, @Nullable String value, List<String> headers) {
    if (value != null) {
      headers.add(name);
      headers.add(value);
    }
  }

  /**
   * Adds the headers by which S3 checks a body.
   *
   * @param sha256 of the body, in hexadecimal digits; null where it is not known
   * @return the same, where it is known now
   */
  private @Nullable String digests(
      Segments body, @Nullable String sha256, Checksum checksum, List<String> headers) {
    if (properties.sendContentMd5()) {
      add("Content-MD5", Base64.getEncoder().encodeToString(digest("MD5", body)), headers);
    }
    if (checksum == Checksum.NONE) {
      return sha256;
    }
    String hash = sha256 == null ? HexFormat.of().formatHex(digest("SHA-256", body)) : sha256;
    add("x-amz-checksum-sha256", base64(hash), headers);
    return hash;
  }

  private static String base64(String hex) {
    return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
  }

  private static byte[] digest(String algorithm, Segments body) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      for (int i = 0; i < body.count(); i++) {
        digest.update(body.segment(i), 0, body.used(i));
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // each Java platform has both
    }
  }

  private String path(String key) {
    return "/" + encoded(bucket, false) + "/" + encoded(key, true);
  }

  /** As a path or a query has it (RFC 3986): all but letters, digits and -._~ as %XX. */
  static String encoded(String text, boolean slashes) {
    StringBuilder out = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      boolean plain =
          (b >= 'a' && b <= 'z')
              || (b >= 'A' && b <= 'Z')
              || (b >= '0' && b <= '9')
              || b == '-'
              || b == '.'
              || b == '_'
              || b == '~'
              || (slashes && b == '/');
      if (plain) {
        out.append((char) b);
      } else {
        out.append('%');
        out.append("0123456789ABCDEF".charAt((b >> 4) & 0xF));
        out.append("0123456789ABCDEF".charAt(b & 0xF));
      }
    }
    return out.toString();
  }

  private static String plain(String xml) {
    return xml.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
  }

  private S3Answer send(String method, String path, List<String> headers, @Nullable Segments body)
      throws UploadFailure, InterruptedException {
    return send(method, path, headers, body, null);
  }

  private S3Answer send(
      String method,
      String path,
      List<String> headers,
      @Nullable Segments body,
      @Nullable String sha256)
      throws UploadFailure, InterruptedException {
    try {
      HttpRequest request = new HttpRequest(method, path, List.copyOf(headers), body);
      Credentials used = credentials.current();
      S3Answer answer = once(request, sha256, used);
      if (answer.status() >= 400 && answer.error().isExpired()) {
        credentials.rejected(used);
        answer = once(request, sha256, credentials.current());
      } else if (answer.error().isClockSkew() && signer.adjust(answer.date())) {
        answer = once(request, sha256, used);
      }
      return answer;
    } catch (CredentialsFailure e) {
      throw new UploadFailure(Kind.OPERATOR, String.valueOf(e.getMessage()));
    } catch (InterruptedIOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException(e.getMessage());
      }
      throw broken(e);
    } catch (HttpFailure e) {
      throw broken(e);
    } catch (IOException | UncheckedIOException e) {
      throw new UploadFailure(Kind.LATER, host + ": " + e.getMessage());
    }
  }

  private UploadFailure broken(IOException e) {
    requests.answered(0);
    return new UploadFailure(Kind.LATER, String.valueOf(e.getMessage()));
  }

  private S3Answer once(HttpRequest request, @Nullable String sha256, Credentials with)
      throws IOException, InterruptedException {
    Payload payload = sha256 == null ? Payload.of(request.body()) : Payload.hashed(sha256);
    HttpRequest signed = signer.sign(request, host, payload, with);
    try (HttpResponse response = client.send(signed, patience(request.body()))) {
      S3Answer answer = S3Answer.of(response, request.method().equals("HEAD"));
      requests.answered(answer.status());
      return answer;
    }
  }

  /** No request is cut off that gets on with {@link #SLOW} bytes in a second. */
  private static Duration patience(@Nullable Segments body) {
    return body == null ? Duration.ZERO : Duration.ofSeconds(body.length() / SLOW);
  }

  private S3Answer check(S3Answer answer, String key) throws UploadFailure {
    if (answer.isSuccess()) {
      return answer;
    }
    throw answer.failure(what(key));
  }

  /** What requests are about, for messages. */
  private String what(String key) {
    return bucket + "/" + key;
  }

  @Override
  public void close() {
    client.close();
    credentials.close();
  }
}
