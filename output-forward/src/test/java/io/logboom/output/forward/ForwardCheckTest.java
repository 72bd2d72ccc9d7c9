package io.logboom.output.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.plugin.Problems;
import io.logboom.core.config.Binder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForwardCheckTest {
  private static List<String> problems(String... options) {
    List<String> all = new ArrayList<>();
    new ForwardPlugin()
        .check(
            Binder.bind(ForwardConfig.class, options),
            new Problems() {
              @Override
              public void error(String option, String rule, String hint) {
                all.add(option + " " + rule);
              }

              @Override
              public void warning(String option, String rule, String hint) {
                all.add("warning: " + option + " " + rule);
              }
            });
    return all;
  }

  @Test
  void theDefaultsAreFine() {
    assertThat(problems()).isEmpty();
    assertThat(Binder.bind(ForwardConfig.class).acks().requireAckResponse()).isTrue();
  }

  @Test
  void whatFluentBitWouldLeaveOutIsSaid() {
    assertThat(problems("username", "a", "password", "b"))
        .singleElement()
        .asString()
        .startsWith("username a user is told in the handshake");
    assertThat(problems("retain_metadata_in_forward_mode", "on"))
        .singleElement()
        .asString()
        .startsWith("warning: retain_metadata_in_forward_mode");
    assertThat(problems("shared_key", "k", "empty_shared_key", "on")).hasSize(1);
    assertThat(problems("shared_key", "k", "username", "u")).hasSize(1);
    assertThat(problems("tag", "$0")).hasSize(1);
    assertThat(problems("host", "http://a")).hasSize(1);
    assertThat(problems("unix_path", "/run/" + "x".repeat(200))).hasSize(1);
    assertThat(problems("unix_path", "/run/s", "tls", "on")).hasSize(1);
    assertThat(problems("add_option", "key")).hasSize(1);
    assertThat(problems("add_option", "chunk 1")).hasSize(1);
    assertThat(problems("add_option", "a 1", "add_option", "b 2")).isEmpty();
  }

  @Test
  void whatIsOfNodesIsNotForTheOutput(@TempDir Path directory) throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("up.conf"),
            "[UPSTREAM]\n    name a\n[NODE]\n    name b\n    host c\n");
    assertThat(problems("upstream", file.toString())).isEmpty();
    assertThat(
            problems(
                "upstream", file.toString(), "tls", "on", "shared_key", "k", "unix_path", "/s"))
        .hasSize(3);
  }
}
