package io.logboom.aws;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.checksums.spi.ChecksumAlgorithm;
import software.amazon.awssdk.http.auth.spi.signer.PayloadChecksumStore;

/** Tells the SDK's signer the body's hash, so that it need not see the body. */
final class KnownHash implements PayloadChecksumStore {
  private final byte[] sha256;

  KnownHash(byte[] sha256) {
    this.sha256 = sha256;
  }

  @Override
  public byte @Nullable [] putChecksumValue(ChecksumAlgorithm algorithm, byte[] checksum) {
    return null;
  }

  @Override
  public byte @Nullable [] getChecksumValue(ChecksumAlgorithm algorithm) {
    return isSha256(algorithm) ? sha256.clone() : null;
  }

  @Override
  public boolean containsChecksumValue(ChecksumAlgorithm algorithm) {
    return isSha256(algorithm);
  }

  private static boolean isSha256(ChecksumAlgorithm algorithm) {
    return algorithm.algorithmId().equals("SHA256");
  }
}
