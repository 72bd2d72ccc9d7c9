package io.logboom.net.tls;

import io.logboom.api.config.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Private keys in PEM files: PKCS#8 ({@code PRIVATE KEY}, {@code ENCRYPTED PRIVATE KEY}), PKCS#1
 * ({@code RSA PRIVATE KEY}) and SEC 1 ({@code EC PRIVATE KEY}), as OpenSSL writes them.
 */
public final class PemKeys {
  private static final Pattern BLOCK =
      Pattern.compile(
          "-----BEGIN ((?:RSA |EC |ENCRYPTED )?PRIVATE KEY)-----([^-]+)-----END \\1-----");
  private static final HexFormat HEX = HexFormat.of();
  // AlgorithmIdentifier { rsaEncryption, NULL }
  private static final byte[] RSA = HEX.parseHex("300d06092a864886f70d0101010500");
  private static final byte[] EC_OID = HEX.parseHex("06072a8648ce3d0201");
  private static final byte[] VERSION_0 = HEX.parseHex("020100");
  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 0x04;
  private static final int OID = 0x06;
  private static final int PARAMETERS = 0xA0;

  private PemKeys() {}

  /**
   * Reads the file's first private key.
   *
   * @throws GeneralSecurityException where it is of no known kind, or the password does not open it
   */
  public static PrivateKey read(Path file, @Nullable Secret password)
      throws IOException, GeneralSecurityException {
    Matcher block = BLOCK.matcher(Files.readString(file, StandardCharsets.US_ASCII));
    if (!block.find()) {
      throw new InvalidKeyException(file + " has no private key in PEM form");
    }
    String body = block.group(2);
    if (body.contains("Proc-Type")) {
      throw new InvalidKeyException(
          file + " is encrypted in OpenSSL's old form; convert it with: openssl pkcs8 -topk8");
    }
    byte[] der = Base64.getMimeDecoder().decode(body);
    return switch (block.group(1)) {
      case "RSA PRIVATE KEY" -> pkcs8(wrap(RSA, der));
      case "EC PRIVATE KEY" -> pkcs8(wrap(ecAlgorithm(der), der));
      case "ENCRYPTED PRIVATE KEY" -> pkcs8(decrypt(der, password));
      default -> pkcs8(der);
    };
  }

  private static PrivateKey pkcs8(byte[] der) throws GeneralSecurityException {
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(der);
    for (String algorithm : new String[] {"RSA", "EC", "EdDSA"}) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (GeneralSecurityException e) {
        // Another kind of key, then.
      }
    }
    throw new InvalidKeyException("the key is neither RSA, EC nor EdDSA");
  }

  private static byte[] decrypt(byte[] der, @Nullable Secret password)
      throws IOException, GeneralSecurityException {
    if (password == null) {
      throw new InvalidKeyException("the key is encrypted and tls.key_passwd is not given");
    }
    EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(der);
    String algorithm =
        info.getAlgParameters() == null ? info.getAlgName() : info.getAlgParameters().toString();
    Cipher cipher = Cipher.getInstance(algorithm);
    cipher.init(
        Cipher.DECRYPT_MODE,
        SecretKeyFactory.getInstance(algorithm)
            .generateSecret(new PBEKeySpec(password.reveal().toCharArray())),
        info.getAlgParameters());
    try {
      return info.getKeySpec(cipher).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new InvalidKeyException("tls.key_passwd does not open the key", e);
    }
  }

  /** PrivateKeyInfo { 0, algorithm, OCTET STRING { key } } (RFC 5208). */
  private static byte[] wrap(byte[] algorithm, byte[] key) {
    return tlv(SEQUENCE, join(VERSION_0, algorithm, tlv(OCTETS, key)));
  }

  /** AlgorithmIdentifier { ecPublicKey, curve }; the curve is in the key itself (RFC 5915). */
  private static byte[] ecAlgorithm(byte[] sec1) throws InvalidKeyException {
    // ECPrivateKey { 1, OCTET STRING, [0] curve, [1] public key }
    int i = content(sec1, 0);
    i = behind(sec1, i);
    i = behind(sec1, i);
    if (i >= sec1.length || (sec1[i] & 0xFF) != PARAMETERS) {
      throw new InvalidKeyException("the EC key does not name its curve");
    }
    int curve = content(sec1, i);
    if (sec1[curve] != OID) {
      throw new InvalidKeyException("the EC key's curve has no name");
    }
    byte[] oid = java.util.Arrays.copyOfRange(sec1, curve, behind(sec1, curve));
    return tlv(SEQUENCE, join(EC_OID, oid));
  }

  private static int content(byte[] der, int at) throws InvalidKeyException {
    if (at + 2 > der.length) {
      throw new InvalidKeyException("the key is cut short");
    }
    int first = der[at + 1] & 0xFF;
    return at + 2 + (first > 0x80 ? first - 0x80 : 0);
  }

  private static int behind(byte[] der, int at) throws InvalidKeyException {
    int from = content(der, at);
    int length = 0;
    if (from == at + 2) {
      length = der[at + 1] & 0xFF;
    } else {
      for (int i = at + 2; i < from && i < der.length; i++) {
        length = length << 8 | (der[i] & 0xFF);
      }
    }
    int end = from + length;
    if (length < 0 || end > der.length) {
      throw new InvalidKeyException("the key is cut short");
    }
    return end;
  }

  private static byte[] tlv(int tag, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 6);
    out.write(tag);
    int n = content.length;
    if (n < 0x80) {
      out.write(n);
    } else if (n < 0x100) {
      out.write(0x81);
      out.write(n);
    } else {
      out.write(0x82);
      out.write(n >> 8);
      out.write(n);
    }
    out.writeBytes(content);
    return out.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
