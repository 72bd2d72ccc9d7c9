package io.logboom.net.tls;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ciphers, digests and signatures in native code (AWS-LC, by the Amazon Corretto Crypto Provider),
 * for TLS and for requests that are signed. Java's own are fast only where the optimising compiler
 * knows the processor's instructions for them; the agent runs without that compiler.
 */
public final class NativeCrypto {
  private static final Logger LOG = LoggerFactory.getLogger(NativeCrypto.class);

  /** {@code off} leaves everything to Java. */
  static final String PROPERTY = "logboom.native_crypto";

  private NativeCrypto() {}

  /**
   * From now on, in the whole process; the first call may take a tenth of a second. Where there is
   * no native code for this machine, Java's own goes on being used.
   */
  public static void use() {
    Holder.touch();
  }

  /** Installed once, when the first that needs it asks. */
  private static final class Holder {
    static {
      if (!System.getProperty(PROPERTY, "on").toLowerCase(Locale.ROOT).equals("off")) {
        install();
      } else {
        LOG.debug("[tls] cryptography is Java's own: {} is off", PROPERTY);
      }
    }

    static void touch() {}

    private static void install() {
      Throwable trouble;
      try {
        trouble = AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError();
        if (trouble == null) {
          AmazonCorrettoCryptoProvider.install();
          LOG.debug(
              "[tls] cryptography is native: {}",
              AmazonCorrettoCryptoProvider.INSTANCE.getVersionStr());
          return;
        }
      } catch (LinkageError e) {
        trouble = e;
      }
      LOG.info(
          "[tls] cryptography is Java's own, which takes many times the CPU: there is no native code for"
              + " this machine ({})",
          trouble.toString());
    }
  }
}
