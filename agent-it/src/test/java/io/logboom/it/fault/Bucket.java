package io.logboom.it.fault;

import io.logboom.testkit.s3.S3ProxyServer;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/** A bucket as AWS's own client sees it: nothing of the agent has a part in it. */
final class Bucket implements AutoCloseable {
  /** So few that a list has several pages. */
  private static final int PAGE = 7;

  private final S3Client client;
  private final String name;

  Bucket(S3ProxyServer server, String name) {
    this.name = name;
    this.client =
        S3Client.builder()
            .endpointOverride(URI.create(server.endpoint()))
            .forcePathStyle(true)
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(S3ProxyServer.ACCESS_KEY, S3ProxyServer.SECRET_KEY)))
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .build();
  }

  /** The keys of the objects, with their lengths ({@code ListObjectsV2}). */
  Map<String, Long> objects() {
    Map<String, Long> found = new TreeMap<>();
    client
        .listObjectsV2Paginator(list -> list.bucket(name).maxKeys(PAGE))
        .contents()
        .forEach(object -> found.put(object.key(), object.size()));
    return found;
  }

  /** An object's bytes ({@code GetObject}). */
  byte[] get(String key) {
    return client.getObjectAsBytes(get -> get.bucket(name).key(key)).asByteArrayUnsafe();
  }

  /** The SHA-256 that the bucket keeps with an object ({@code HeadObject}). */
  String checksum(String key) {
    return client
        .headObject(head -> head.bucket(name).key(key).checksumMode(ChecksumMode.ENABLED))
        .checksumSHA256();
  }

  /**
   * What that should be: of an object with more bytes than a part the hash of the hashes of its
   * parts, and how many there are.
   */
  static String checksum(byte[] object, int partBytes) throws NoSuchAlgorithmException {
    MessageDigest whole = MessageDigest.getInstance("SHA-256");
    if (object.length <= partBytes) {
      return Base64.getEncoder().encodeToString(whole.digest(object));
    }
    int parts = 0;
    for (int at = 0; at < object.length; at += partBytes, parts++) {
      MessageDigest part = MessageDigest.getInstance("SHA-256");
      part.update(object, at, Math.min(partBytes, object.length - at));
      whole.update(part.digest());
    }
    return Base64.getEncoder().encodeToString(whole.digest()) + "-" + parts;
  }

  /** The ids of the uploads in parts that are open ({@code ListMultipartUploads}). */
  List<String> openUploads() {
    return client.listMultipartUploadsPaginator(list -> list.bucket(name)).uploads().stream()
        .map(MultipartUpload::uploadId)
        .toList();
  }

  @Override
  public void close() {
    client.close();
  }
}
