package io.logboom.it.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class Example2Test {
  @Test
  void changesWhereThingsAreAndNothingElse() {
    Example2 here =
        new Example2(
            Path.of("/node/containers"),
            URI.create("http://127.0.0.1:8001"),
            Path.of("/node/account"),
            URI.create("http://127.0.0.1:9201"));

    List<String> before = Example2.published().lines().toList();
    List<String> after = here.text().lines().toList();

    assertThat(after).hasSameSizeAs(before);
    List<String> changed = new ArrayList<>();
    for (int i = 0; i < after.size(); i++) {
      if (!after.get(i).equals(before.get(i))) {
        changed.add(after.get(i).strip().replaceAll(" +", " "));
      }
    }
    assertThat(changed)
        .containsExactly(
            "Path /node/containers/*.log",
            "Kube_URL http://127.0.0.1:8001",
            "Kube_CA_File /node/account/ca.crt",
            "Kube_Token_File /node/account/token",
            "Host 127.0.0.1",
            "Port 9201");
  }
}
