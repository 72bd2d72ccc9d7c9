package io.logboom.net.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Security;
import java.util.HexFormat;
import javax.crypto.Cipher;
import org.junit.jupiter.api.Test;

class NativeCryptoTest {
  @Test
  void isUsedForWhatTlsAndSignaturesCalculate() throws GeneralSecurityException {
    NativeCrypto.use();
    NativeCrypto.use();
    assumeTrue(
        Security.getProvider("AmazonCorrettoCryptoProvider") != null,
        "there is no native code for this machine in the build");

    assertThat(MessageDigest.getInstance("SHA-256").getProvider().getName())
        .isEqualTo("AmazonCorrettoCryptoProvider");
    assertThat(Cipher.getInstance("AES/GCM/NoPadding").getProvider().getName())
        .isEqualTo("AmazonCorrettoCryptoProvider");
  }

  /** FIPS 180-2, appendix B.1. */
  @Test
  void calculatesWhatTheStandardSays() throws GeneralSecurityException {
    NativeCrypto.use();
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest("abc".getBytes(StandardCharsets.US_ASCII));
    assertThat(HexFormat.of().formatHex(digest))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }
}
