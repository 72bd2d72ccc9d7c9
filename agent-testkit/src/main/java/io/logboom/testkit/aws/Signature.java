package io.logboom.testkit.aws;

import io.logboom.testkit.http.ScriptedServer.Received;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A request's signature (Signature Version 4) as a service sees it: parsed from its headers, and
 * computed again from what came over the wire.
 *
 * @param keyId whose it is
 * @param scope {@code 20261126/eu-west-1/es/aws4_request}
 */
public record Signature(String keyId, String scope, List<String> signedHeaders, String value) {
  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          "AWS4-HMAC-SHA256 Credential=([^/]+)/([^,]+), SignedHeaders=([^,]+),"
              + " Signature=([0-9a-f]{64})");
  private static final String UNSIGNED = "UNSIGNED-PAYLOAD";

  /**
   * Of a request.
   *
   * @return null where it has none
   */
  public static @Nullable Signature of(Received request) {
    Matcher found = AUTHORIZATION.matcher(request.headers().getOrDefault("authorization", "none"));
    return found.matches()
        ? new Signature(
            found.group(1), found.group(2), List.of(found.group(3).split(";")), found.group(4))
        : null;
  }

  /** The service that the scope names. */
  public String service() {
    return scope.split("/", -1)[2];
  }

  /** The region that the scope names. */
  public String region() {
    return scope.split("/", -1)[1];
  }

  /**
   * What is wrong with it.
   *
   * @return null where nothing is
   */
  public @Nullable String complaint(Received request, String secret) {
    Map<String, String> headers = request.headers();
    for (String each : List.of("host", "x-amz-date")) {
      if (!signedHeaders.contains(each)) {
        return each + " is not signed";
      }
    }
    for (String each : headers.keySet()) {
      if (each.startsWith("x-amz-") && !signedHeaders.contains(each)) {
        return each + " is not signed";
      }
    }
    String hash = hex(sha256(request.body()));
    String said = headers.getOrDefault("x-amz-content-sha256", hash);
    if (!said.equals(hash) && !(said.equals(UNSIGNED) && service().equals("s3"))) {
      return "the body's hash is " + hash + ", not " + said;
    }
    String computed = hex(hmac(key(secret), toSign(request, said)));
    return computed.equals(value) ? null : "the signature does not match";
  }

  private byte[] key(String secret) {
    byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
    for (String part : scope.split("/", -1)) {
      key = hmac(key, part);
    }
    return key;
  }

  private String toSign(Received request, String hash) {
    int query = request.path().indexOf('?');
    String path = query < 0 ? request.path() : request.path().substring(0, query);
    StringBuilder canonical = new StringBuilder(request.method()).append('\n');
    canonical.append(service().equals("s3") ? path : encoded(path, "/")).append('\n');
    canonical.append(query < 0 ? "" : query(request.path().substring(query + 1))).append('\n');
    for (String name : signedHeaders) {
      String header = request.headers().getOrDefault(name, "");
      canonical.append(name).append(':').append(header.strip().replaceAll(" +", " ")).append('\n');
    }
    canonical.append('\n').append(String.join(";", signedHeaders)).append('\n').append(hash);
    return "AWS4-HMAC-SHA256\n"
        + request.headers().get("x-amz-date")
        + "\n"
        + scope
        + "\n"
        + hex(sha256(canonical.toString().getBytes(StandardCharsets.UTF_8)));
  }

  private static String query(String text) {
    List<String> all = new ArrayList<>();
    for (String each : text.split("&", -1)) {
      int equals = each.indexOf('=');
      String name = equals < 0 ? each : each.substring(0, equals);
      String value = equals < 0 ? "" : each.substring(equals + 1);
      all.add(encoded(decoded(name), "") + "=" + encoded(decoded(value), ""));
    }
    Collections.sort(all);
    return String.join("&", all);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static String encoded(String text, String kept) {
    StringBuilder out = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if ((c < 128 && Character.isLetterOrDigit(c)) || ("-_.~" + kept).indexOf(c) >= 0) {
        out.append(c);
      } else {
        out.append(String.format(Locale.ROOT, "%%%02X", b));
      }
    }
    return out.toString();
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
