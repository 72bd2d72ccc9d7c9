package io.logboom.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResolverTest {
  @TempDir private Path directory;

  /** Looks a name up at each line that it reads. */
  static final class Lookups {
    private Lookups() {}

    static void main(String[] args) throws IOException {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
      for (String name = in.readLine(); name != null; name = in.readLine()) {
        InetAddress[] found = Resolver.SYSTEM.lookup(name);
        System.out.println(found[0].getHostAddress());
      }
    }
  }

  /** The JDK alone would go on with what it knows for 30 seconds. */
  @Test
  void seesAtOnceThatANameHasAnotherAddress() throws Exception {
    Path hosts = directory.resolve("hosts");
    Files.writeString(hosts, "127.0.0.7 search.example\n");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djdk.net.hosts.file=" + hosts,
                "-cp",
                System.getProperty("java.class.path"),
                Lookups.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = process.inputReader(StandardCharsets.US_ASCII);
        var in = process.outputWriter(StandardCharsets.US_ASCII)) {
      in.write("search.example\n");
      in.flush();
      assertThat(out.readLine()).isEqualTo("127.0.0.7");
      Files.writeString(hosts, "127.0.0.8 search.example\n");
      in.write("search.example\n");
      in.flush();
      assertThat(out.readLine()).isEqualTo("127.0.0.8");
    } finally {
      process.destroyForcibly();
    }
  }
}
