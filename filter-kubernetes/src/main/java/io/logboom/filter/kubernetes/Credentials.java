package io.logboom.filter.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The bearer token, read again when it is old or was refused: the kubelet replaces the file of a
 * projected token while its pod runs. Safe for all threads.
 */
final class Credentials {
  private static final Logger LOG = LoggerFactory.getLogger(Credentials.class);
  private static final int LONGEST = 64 * 1024;
  private static final long COMMAND_SECONDS = 10;

  private final @Nullable Path file;
  private final @Nullable String command;
  private final long ttlNanos;
  private final LongSupplier nanos;
  private final Complaints complaints;
  private @Nullable String token;
  private boolean read;
  private long readAt;

  /**
   * @param file null where requests carry no token
   */
  Credentials(@Nullable Path file, @Nullable String command, long ttlNanos, LongSupplier nanos) {
    this.file = file;
    this.command = command;
    this.ttlNanos = ttlNanos;
    this.nanos = nanos;
    this.complaints = new Complaints(LOG, nanos);
  }

  /** The token; null where there is none. */
  synchronized @Nullable String token() throws InterruptedException {
    if (!read || nanos.getAsLong() - readAt >= ttlNanos || token == null) {
      readAgain();
    }
    return token;
  }

  /** Reads the token anew. Returns whether it is another one. */
  synchronized boolean readAgain() throws InterruptedException {
    String before = token;
    try {
      token = command != null ? run(command) : file != null ? read(file) : null;
      complaints.over("The Kubernetes token can be read again");
    } catch (IOException e) {
      complaints.say(
          Level.WARN,
          "Cannot read the Kubernetes token, so requests go without one: " + e.getMessage());
    }
    read = true;
    readAt = nanos.getAsLong();
    return !Objects.equals(before, token);
  }

  private static String read(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new IOException("there is no file " + file);
    }
    try (InputStream in = Files.newInputStream(file)) {
      return clean(in.readNBytes(LONGEST), file.toString());
    }
  }

  private static String run(String command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("/bin/sh", "-c", command)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (InputStream in = process.getInputStream()) {
      process.getOutputStream().close();
      // The reader ends when the process does, or is made to.
      Thread reaper =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
                        process.destroyForcibly();
                      }
                    } catch (InterruptedException e) {
                      process.destroyForcibly();
                    }
                  });
      byte[] said = in.readNBytes(LONGEST);
      reaper.join();
      if (process.waitFor() != 0) {
        throw new IOException("kube_token_command ended with status " + process.exitValue());
      }
      return clean(said, "kube_token_command");
    } finally {
      process.destroyForcibly();
    }
  }

  private static String clean(byte[] bytes, String from) throws IOException {
    String text = new String(bytes, StandardCharsets.ISO_8859_1).trim();
    if (text.isEmpty() || text.length() == LONGEST) {
      throw new IOException("no token in " + from);
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) <= ' ' || text.charAt(i) > '~') {
        throw new IOException("what " + from + " has is no token");
      }
    }
    return text;
  }
}
