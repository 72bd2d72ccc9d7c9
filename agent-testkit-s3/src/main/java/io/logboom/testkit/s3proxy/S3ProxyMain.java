package io.logboom.testkit.s3proxy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.gaul.s3proxy.AccessGrant;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/**
 * One S3Proxy on loopback that keeps buckets as directories and objects as files, and verifies
 * signatures (version 4). Usage: {@code S3ProxyMain DIRECTORY ACCESS-KEY SECRET-KEY PORT-FILE};
 * ends with its standard input.
 */
public final class S3ProxyMain {
  private S3ProxyMain() {}

  public static void main(String[] args) throws Exception {
    Path directory = Files.createDirectories(Path.of(args[0]));
    FilesystemNio2BlobStore store = new FilesystemNio2BlobStore(directory.toString());
    S3Proxy proxy =
        S3Proxy.builder()
            .blobStore(store)
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V4, args[1], args[2])
            .build();
    proxy.setBlobStoreLocator(
        (identity, _, _) -> args[1].equals(identity) ? new AccessGrant(args[2], store) : null);
    proxy.start();
    Path ports = Path.of(args[3]);
    Path written = Files.writeString(ports.resolveSibling("port.new"), "" + proxy.getPort());
    Files.move(written, ports, StandardCopyOption.ATOMIC_MOVE);
    awaitEof();
    proxy.stop();
  }

  /** A test's child must not outlive the test: its input ends with the parent. */
  private static void awaitEof() {
    try {
      while (System.in.read() >= 0) {
        // Nothing is said to this process but the end.
      }
    } catch (IOException e) {
      // A broken pipe says the same.
    }
  }
}
