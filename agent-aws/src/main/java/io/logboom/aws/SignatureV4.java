package io.logboom.aws;

import io.logboom.api.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signature Version 4 of a request to S3 whose body's hash is known. AWS's own signer would read
 * the body to compute it.
 */
final class SignatureV4 {
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final String HMAC = "HmacSHA256";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final String region;
  private final String service;

  SignatureV4(String region, String service) {
    this.region = region;
    this.service = service;
  }

  /**
   * The headers that make a request a signed one: names and values in turn.
   *
   * @param path with the query, encoded as it is sent
   * @param own the request's own headers, which are covered too
   * @param sha256 of the body, in hexadecimal digits
   */
  List<String> sign(
      String method,
      String path,
      String host,
      List<String> own,
      String sha256,
      Credentials credentials,
      Instant now) {
    String time = TIME.format(now);
    List<String> added = new ArrayList<>();
    added.addAll(List.of("Host", host, "X-Amz-Date", time, "x-amz-content-sha256", sha256));
    Secret token = credentials.sessionToken();
    if (token != null) {
      added.addAll(List.of("X-Amz-Security-Token", token.reveal()));
    }
    Map<String, String> headers = new TreeMap<>();
    headers(own, headers);
    headers(added, headers);
    String names = String.join(";", headers.keySet());
    int query = path.indexOf('?');
    StringBuilder request = new StringBuilder(method).append('\n');
    request.append(query < 0 ? path : path.substring(0, query)).append('\n');
    request.append(query < 0 ? "" : query(path.substring(query + 1))).append('\n');
    headers.forEach((name, value) -> request.append(name).append(':').append(value).append('\n'));
    request.append('\n').append(names).append('\n').append(sha256);
    String date = time.substring(0, 8);
    String scope = date + "/" + region + "/" + service + "/aws4_request";
    String text = ALGORITHM + "\n" + time + "\n" + scope + "\n" + hash(request.toString());
    byte[] key = utf8("AWS4" + credentials.secretAccessKey().reveal());
    for (String part : new String[] {date, region, service, "aws4_request"}) {
      key = hmac(key, part);
    }
    added.add("Authorization");
    added.add(
        ALGORITHM
            + " Credential="
            + credentials.accessKeyId()
            + "/"
            + scope
            + ", SignedHeaders="
            + names
            + ", Signature="
            + HexFormat.of().formatHex(hmac(key, text)));
    return added;
  }

  private static void headers(List<String> from, Map<String, String> to) {
    for (int i = 0; i < from.size(); i += 2) {
      to.merge(
          from.get(i).toLowerCase(Locale.ROOT),
          from.get(i + 1).strip().replaceAll("\\s+", " "),
          (first, next) -> first + "," + next);
    }
  }

  /** In the order of names, then values. */
  private static String query(String text) {
    List<String[]> all = new ArrayList<>();
    for (String each : text.split("&", -1)) {
      if (!each.isEmpty()) {
        int equals = each.indexOf('=');
        all.add(
            equals < 0
                ? new String[] {each, ""}
                : new String[] {each.substring(0, equals), each.substring(equals + 1)});
      }
    }
    all.sort(Comparator.<String[], String>comparing(a -> a[0]).thenComparing(a -> a[1]));
    return all.stream().map(each -> each[0] + "=" + each[1]).collect(Collectors.joining("&"));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String hash(String text) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(utf8(text)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // each Java platform has it
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      return mac.doFinal(utf8(text));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // each Java platform has it
    }
  }
}
