package io.logboom.output.http;

import io.logboom.api.json.ByteSink;
import io.logboom.api.plugin.StartException;
import io.logboom.net.tls.PemKeys;
import io.logboom.net.tls.Tls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;

/**
 * The statement with which a client says who it is to a token server ({@code private_key_jwt}, RFC
 * 7523 §3): a JSON Web Token, signed with the client's key. Its files are read for each, so that
 * they may be replaced.
 */
final class Assertion {
  private final String clientId;
  private final String audience;
  private final Path keyFile;
  private final Path certFile;
  private final String header;
  private final Duration life;

  Assertion(
      String clientId, String audience, Path keyFile, Path certFile, String header, Duration life) {
    this.clientId = clientId;
    this.audience = audience;
    this.keyFile = keyFile;
    this.certFile = certFile;
    this.header = header;
    this.life = life;
  }

  /**
   * Makes one.
   *
   * @throws IOException where a file cannot be read or used; the message names it
   */
  String sign(Instant now) throws IOException {
    try {
      PrivateKey key = PemKeys.read(keyFile, null);
      X509Certificate certificate = Tls.certificates(certFile).getFirst();
      boolean rsa = key.getAlgorithm().equals("RSA");
      if (!rsa && !key.getAlgorithm().equals("EC")) {
        throw new InvalidKeyException(keyFile + " has a key that is neither RSA nor EC");
      }
      String head =
          object(
              "alg",
              quoted(rsa ? "RS256" : "ES256"),
              "typ",
              quoted("JWT"),
              header,
              quoted(thumbprint(certificate.getEncoded())));
      long second = now.getEpochSecond();
      String claims =
          object(
              "iss", quoted(clientId),
              "sub", quoted(clientId),
              "aud", quoted(audience),
              "iat", Long.toString(second),
              "exp", Long.toString(second + life.toSeconds()),
              "jti", quoted(UUID.randomUUID().toString()));
      String text = base64(utf8(head)) + "." + base64(utf8(claims));
      Signature signature =
          Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
      signature.initSign(key);
      signature.update(utf8(text));
      return text + "." + base64(signature.sign());
    } catch (StartException | GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(
          "oauth2.jwt_key_file " + keyFile + " cannot be used: " + e.getMessage(), e);
    }
  }

  private String thumbprint(byte[] certificate) throws GeneralSecurityException {
    boolean sha256 = header.equalsIgnoreCase("x5t#S256");
    byte[] hash = MessageDigest.getInstance(sha256 ? "SHA-256" : "SHA-1").digest(certificate);
    return sha256 || header.equalsIgnoreCase("x5t")
        ? base64(hash)
        : HexFormat.of().withUpperCase().formatHex(hash);
  }

  /** Names and values, which are JSON, in turn. */
  private static String object(String... members) {
    StringBuilder json = new StringBuilder("{");
    for (int i = 0; i < members.length; i += 2) {
      json.append(i == 0 ? "" : ",").append(quoted(members[i])).append(':').append(members[i + 1]);
    }
    return json.append('}').toString();
  }

  private static String quoted(String text) {
    byte[] utf8 = utf8(text);
    ByteSink out = ByteSink.growing(utf8.length + 16);
    out.put((byte) '"');
    out.putEscaped(utf8, 0, utf8.length);
    out.put((byte) '"');
    return new String(out.toByteArray(), StandardCharsets.UTF_8);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
