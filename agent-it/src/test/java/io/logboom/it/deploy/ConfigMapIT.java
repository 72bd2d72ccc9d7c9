package io.logboom.it.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program's own opinion of the configurations that are handed out with it. */
class ConfigMapIT {
  private static final Path ROOT = Path.of(System.getProperty("logboom.root"));

  /** What the manifest of the sidecar sets. */
  private static final Map<String, String> SIDECAR =
      Map.of(
          "FLUENT_BIT_DAEMON_HOST", "10.0.0.1",
          "POD_NAMESPACE", "shop",
          "POD_NAME", "my-app",
          "POD_UID", "0a1b2c3d-1234-5678-9abc-def012345678",
          "APP_CONTAINER", "app");

  @TempDir Path directory;

  @Test
  void theDaemonSetsConfigurationIsRight() throws Exception {
    Manifest manifest =
        Manifest.read(Files.readString(ROOT.resolve("deploy").resolve("daemonset.yaml")));
    String text = manifest.only(ConfigMap.class).getData().get("logboom.yaml");

    check(Files.writeString(directory.resolve("logboom.yaml"), text));
  }

  @Test
  void theSidecarsConfigurationIsRight() throws Exception {
    Manifest manifest =
        Manifest.read(Files.readString(ROOT.resolve("deploy").resolve("sidecar.yaml")));
    String text = manifest.only(ConfigMap.class).getData().get("logboom.yaml");

    check(Files.writeString(directory.resolve("logboom.yaml"), text));
  }

  @Test
  void theImagesConfigurationIsRight() throws Exception {
    check(ROOT.resolve("deploy/image/fluent-bit.conf"));
  }

  private void check(Path configuration) throws Exception {
    Path program = ROOT.resolve("agent-app/target/logboom/bin/logboom");
    ProcessBuilder builder =
        new ProcessBuilder(program.toString(), "check", configuration.toString())
            .directory(configuration.getParent().toFile())
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true);
    builder.environment().putAll(SIDECAR);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(said).isZero();
  }
}
