package io.logboom.it.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The configuration that a well-known description of a logging daemon gives for Fluent Bit: tail,
 * Kubernetes metadata, Elasticsearch. Its text is kept to the letter; only where things are is
 * replaced.
 *
 * @param containers instead of {@code /var/log/containers}
 * @param kubernetes instead of the cluster's own API address
 * @param serviceAccount the directory of ca.crt and token, instead of the pod's own
 * @param elasticsearch instead of the cluster's backend
 */
public record Example2(Path containers, URI kubernetes, Path serviceAccount, URI elasticsearch) {
  private static final String RESOURCE = "example2.conf";

  /** The text as it was published. */
  public static String published() {
    try (InputStream in =
        Objects.requireNonNull(Example2.class.getResourceAsStream(RESOURCE), RESOURCE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text with this place's addresses. */
  public String text() {
    String text = published();
    text = replace(text, "Path", containers.resolve("*.log").toString());
    text = replace(text, "Kube_URL", kubernetes.toString());
    text = replace(text, "Kube_CA_File", serviceAccount.resolve("ca.crt").toString());
    text = replace(text, "Kube_Token_File", serviceAccount.resolve("token").toString());
    text = replace(text, "Host", elasticsearch.getHost());
    return replace(text, "Port", Integer.toString(elasticsearch.getPort()));
  }

  /** Writes {@link #text} to a file there, under its usual name. */
  public Path writeTo(Path directory) throws IOException {
    return Files.writeString(directory.resolve("fluent-bit.conf"), text());
  }

  private static String replace(String text, String key, String value) {
    Matcher line = Pattern.compile("(?m)^( +" + key + " +)\\S.*$").matcher(text);
    if (!line.find()) {
      throw new IllegalStateException("no " + key + " in the text");
    }
    String replaced = line.replaceFirst("$1" + Matcher.quoteReplacement(value));
    if (line.reset().results().count() != 1) {
      throw new IllegalStateException(key + " is not unique in the text");
    }
    return replaced;
  }
}
