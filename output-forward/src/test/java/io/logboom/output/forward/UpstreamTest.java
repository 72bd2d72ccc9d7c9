package io.logboom.output.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logboom.api.plugin.Outcome;
import io.logboom.core.config.Binder;
import io.logboom.core.config.ConfigException;
import io.logboom.testkit.TestContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpstreamTest {
  @TempDir Path directory;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private Client client(Path file) throws Exception {
    return new Client(
        new TestContext(directory), "upstream", file.toString(), "net.connect_timeout", "2s");
  }

  private static String node(String name, int port, String more) {
    return "[NODE]\n    name " + name + "\n    host 127.0.0.1\n    port " + port + "\n" + more;
  }

  @Test
  void serversAreUsedByTheirWeights() throws Exception {
    try (FakeServer first = FakeServer.start();
        FakeServer second = FakeServer.start()) {
      Path file =
          file(
              "up.conf",
              "[UPSTREAM]\n    name all\n"
                  + node("one", first.port(), "    weight 3\n")
                  + node("two", second.port(), "    weight 1\n"));
      try (Client client = client(file)) {
        for (int i = 0; i < 40; i++) {
          assertThat(client.send(client.records().numbered(i, 1))).isEqualTo(Outcome.DELIVERED);
        }
      }
      assertThat(first.entries()).hasSize(30);
      assertThat(second.entries()).hasSize(10);
    }
  }

  @Test
  void whenOneIsAwayTheOtherGetsAllAndWhenItIsBackItsShareAgain() throws Exception {
    FakeServer first = FakeServer.start();
    int port = first.port();
    try (FakeServer second = FakeServer.start()) {
      Path file =
          file(
              "up.yaml",
              String.format(
                  Locale.ROOT,
                  """
              upstream_servers:
                - name: all
                  nodes:
                    - name: one
                      host: 127.0.0.1
                      port: %d
                    - name: two
                      host: 127.0.0.1
                      port: %d
              """,
                  port,
                  second.port()));
      try (Client client = client(file)) {
        client.send(client.records().numbered(0, 1));
        client.send(client.records().numbered(1, 1));
        assertThat(first.entries()).hasSize(1);
        first.close();
        for (int i = 2; i < 10; i++) {
          assertThat(client.send(client.records().numbered(i, 1))).isEqualTo(Outcome.DELIVERED);
        }
        assertThat(second.entries()).hasSize(9);
        try (FakeServer again = FakeServer.at(port)) {
          org.awaitility.Awaitility.await()
              .until(
                  () -> {
                    assertThat(client.send(client.records().numbered(0, 1)))
                        .isEqualTo(Outcome.DELIVERED);
                    return !again.entries().isEmpty();
                  });
        }
      }
    }
  }

  @Test
  void everythingThatIsWrongIsToldWithItsPlace() throws Exception {
    Path file =
        file(
            "up.conf",
            """
            [UPSTREAM]
                name all

            [NODE]
                name one
                host a
                port 99999
                wieght 3

            [NODE]
                name one
                host b
                username anna

            [OTHER]
                name x
            """);
    assertThatThrownBy(() -> Binder.bind(ForwardConfig.class, "upstream", file.toString()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(file + ":7:10: ")
        .hasMessageContaining(file + ":8:5: ")
        .hasMessageContaining("did you mean 'weight'")
        .hasMessageContaining(file + ":10:1: ")
        .hasMessageContaining("a second node \"one\"")
        .hasMessageContaining("option 'username'")
        .hasMessageContaining(file + ":15:2: ")
        .hasMessageContaining("known are UPSTREAM, NODE");
  }

  @Test
  void aFileThatIsNotThereOrListsNothing() throws Exception {
    assertThatThrownBy(
            () ->
                Binder.bind(ForwardConfig.class, "upstream", directory.resolve("none").toString()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("there is no such file");
    Path empty = file("empty.conf", "[UPSTREAM]\n    name all\n");
    assertThatThrownBy(() -> Binder.bind(ForwardConfig.class, "upstream", empty.toString()))
        .hasMessageContaining("lists no node");
    Path headless = file("headless.conf", node("one", 1, ""));
    assertThatThrownBy(() -> Binder.bind(ForwardConfig.class, "upstream", headless.toString()))
        .hasMessageContaining("has no section [UPSTREAM]");
  }

  @Test
  void theKeyOfANodeIsNotShown() throws Exception {
    Path file =
        file(
            "up.conf",
            "[UPSTREAM]\n    name all\n" + node("one", 1, "    shared_key very secret\n"));
    ForwardConfig config = Binder.bind(ForwardConfig.class, "upstream", file.toString());
    assertThat(config.target().upstream().nodes()).hasSize(1);
    assertThat(config.toString()).doesNotContain("very secret");
    assertThat(config).isEqualTo(Binder.bind(ForwardConfig.class, "upstream", file.toString()));
  }
}
