package io.logboom.net.tls;

import io.logboom.api.meter.Counter;
import io.logboom.api.meter.Meters;
import io.logboom.api.plugin.StartException;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A context that follows its files: when one of them is another than before, also behind a symbolic
 * link as Kubernetes swaps them, a new context is made of all of them for the connections to come.
 * Files that cannot be used leave the context as it is, and are told of once.
 */
final class TlsFiles implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TlsFiles.class);

  private final String what;
  private final List<Path> files;
  private final @Nullable Path certificate;
  private final Loader loader;
  private final Meters meters;
  private final Counter reloads;
  private final Counter failures;
  private volatile SslContext now;
  private volatile double expiry = Double.NaN;

  // Guarded by this.
  private List<Object> seen;
  private boolean broken;
  private @Nullable String told;

  /** Makes a context of the files as they are. */
  interface Loader {
    SslContext load() throws StartException;
  }

  /**
   * @param what whose they are, for messages
   * @param files files and directories; those that are null do not count
   * @param certificate the one among them that has the own certificate
   */
  TlsFiles(
      String what,
      List<@Nullable Path> files,
      @Nullable Path certificate,
      Loader loader,
      Meters meters)
      throws StartException {
    this.what = what;
    this.certificate = certificate;
    this.loader = loader;
    this.meters = meters;
    List<Path> given = new ArrayList<>();
    for (Path each : files) {
      if (each != null) {
        given.add(each);
      }
    }
    this.files = List.copyOf(given);
    this.seen = signatures();
    this.now = loader.load();
    this.reloads = meters.counter(TlsMeter.RELOADS);
    this.failures = meters.counter(TlsMeter.RELOAD_FAILURES);
    if (certificate != null) {
      date(certificate);
      meters.gauge(TlsMeter.CERTIFICATE_EXPIRY, () -> expiry, "file", certificate.toString());
    }
    if (!given.isEmpty()) {
      TlsWatch.add(this);
    }
  }

  SslContext now() {
    return now;
  }

  /** Looks whether the files have changed, and takes them into use. */
  synchronized void look() {
    List<Object> found = signatures();
    if (found.equals(seen) && !broken) {
      return;
    }
    boolean again = found.equals(seen);
    seen = found;
    try {
      now = loader.load();
    } catch (StartException e) {
      // Files that are written one after the other do not fit for a moment: the second look tells.
      if (again && !String.valueOf(e.getMessage()).equals(told)) {
        told = String.valueOf(e.getMessage());
        failures.add(1);
        LOG.warn("{}: changed files of TLS cannot be used, those before go on: {}", what, told);
      }
      broken = true;
      return;
    }
    broken = false;
    told = null;
    reloads.add(1);
    LOG.info("{}: takes changed files of TLS into use: {}", what, files);
    if (certificate != null) {
      try {
        date(certificate);
      } catch (StartException e) {
        LOG.debug("{}: {} changed again", what, certificate, e);
      }
    }
  }

  private void date(Path file) throws StartException {
    Instant first = Instant.MAX;
    for (X509Certificate each : Tls.certificates(file)) {
      Instant end = each.getNotAfter().toInstant();
      first = end.isBefore(first) ? end : first;
      try {
        each.checkValidity();
      } catch (CertificateException e) {
        LOG.warn("{}: the certificate {} is not valid: {}", what, file, e.getMessage());
      }
    }
    expiry = first.getEpochSecond();
  }

  private List<Object> signatures() {
    List<Object> all = new ArrayList<>();
    for (Path each : files) {
      if (Files.isDirectory(each)) {
        try (Stream<Path> inside = Files.list(each)) {
          inside.sorted().forEach(file -> all.add(signature(file)));
        } catch (IOException e) {
          all.add(e.getClass());
        }
      } else {
        all.add(signature(each));
      }
    }
    return all;
  }

  /** What differs when the file behind the path is another one, or was written to. */
  private static Object signature(Path file) {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return List.of(file, String.valueOf(found.fileKey()), found.lastModifiedTime(), found.size());
    } catch (IOException e) {
      return file;
    }
  }

  @Override
  public void close() {
    TlsWatch.remove(this);
    if (certificate != null) {
      meters.remove(TlsMeter.CERTIFICATE_EXPIRY, "file", certificate.toString());
    }
  }
}
