package io.logboom.it.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SidecarManifestTest {
  private static Manifest manifest;

  @BeforeAll
  static void read() throws IOException {
    manifest =
        Manifest.read(
            Files.readString(
                Path.of(System.getProperty("logboom.root"), "deploy", "sidecar.yaml")));
  }

  private static String configuration() {
    return manifest.only(ConfigMap.class).getData().get("logboom.yaml");
  }

  /** The three ways, by name. */
  private static Map<String, PodSpec> pods() {
    return manifest.objects().stream()
        .filter(each -> each instanceof Pod || each instanceof Job)
        .collect(
            Collectors.toMap(
                (HasMetadata each) -> each.getMetadata().getName(),
                each ->
                    each instanceof Job job
                        ? job.getSpec().getTemplate().getSpec()
                        : ((Pod) each).getSpec()));
  }

  private static Stream<Container> containers(PodSpec pod) {
    List<Container> all = new ArrayList<>(pod.getInitContainers());
    all.addAll(pod.getContainers());
    return all.stream();
  }

  private static Container container(PodSpec pod, String name) {
    return containers(pod).filter(c -> c.getName().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void showsANativeSidecarAPlainOneAndAJob() {
    Map<String, PodSpec> pods = pods();
    assertThat(pods).containsOnlyKeys("my-app", "my-app-plain", "my-job");
    assertThat(pods.get("my-app").getInitContainers())
        .singleElement()
        .satisfies(
            sidecar -> {
              assertThat(sidecar.getName()).isEqualTo("log-sidecar");
              assertThat(sidecar.getRestartPolicy()).isEqualTo("Always");
            });
    assertThat(pods.get("my-app-plain").getContainers()).hasSize(2);
    PodSpec job = pods.get("my-job");
    assertThat(job.getRestartPolicy()).isEqualTo("Never");
    String done = "/var/log/app/.done";
    assertThat(container(job, "log-sidecar").getArgs()).contains("--done-file=" + done);
    assertThat(container(job, "app").getArgs().getFirst()).contains("touch " + done);
  }

  @Test
  void everyVariableOfTheConfigurationIsSetFromThePod() {
    Matcher variable = Pattern.compile("\\$\\{(\\w+)}").matcher(configuration());
    List<String> used = variable.results().map(each -> each.group(1)).toList();
    assertThat(used).contains("FLUENT_BIT_DAEMON_HOST", "POD_UID");
    pods()
        .values()
        .forEach(
            pod -> {
              Map<String, EnvVar> set =
                  container(pod, "log-sidecar").getEnv().stream()
                      .collect(Collectors.toMap(EnvVar::getName, Function.identity()));
              assertThat(set).containsKeys(used.toArray(String[]::new));
              assertThat(path(set, "FLUENT_BIT_DAEMON_HOST")).isEqualTo("status.hostIP");
              assertThat(path(set, "POD_NAMESPACE")).isEqualTo("metadata.namespace");
              assertThat(path(set, "POD_NAME")).isEqualTo("metadata.name");
              assertThat(path(set, "POD_UID")).isEqualTo("metadata.uid");
              assertThat(containers(pod).map(Container::getName))
                  .contains(set.get("APP_CONTAINER").getValue());
              assertThat(set.get("LOGBOOM_PROFILE").getValue()).isEqualTo("sidecar");
            });
  }

  private static String path(Map<String, EnvVar> set, String name) {
    return set.get(name).getValueFrom().getFieldRef().getFieldPath();
  }

  @Test
  void theGraceEndsBeforeThePodsDoes() {
    Matcher grace = Pattern.compile("grace: (\\d+)").matcher(configuration());
    assertThat(grace.find()).isTrue();
    long seconds = Long.parseLong(grace.group(1));
    pods()
        .values()
        .forEach(pod -> assertThat(pod.getTerminationGracePeriodSeconds()).isGreaterThan(seconds));
  }

  @Test
  void theSidecarMayReadTheFilesAndNothingElse() {
    pods()
        .values()
        .forEach(
            pod -> {
              Container sidecar = container(pod, "log-sidecar");
              SecurityContext security = sidecar.getSecurityContext();
              assertThat(security.getReadOnlyRootFilesystem()).isTrue();
              assertThat(security.getAllowPrivilegeEscalation()).isFalse();
              assertThat(security.getPrivileged()).isFalse();
              assertThat(security.getCapabilities().getDrop()).containsExactly("ALL");
              assertThat(security.getCapabilities().getAdd()).isNullOrEmpty();
              assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
              assertThat(pod.getSecurityContext().getSeccompProfile().getType())
                  .isEqualTo("RuntimeDefault");
              assertThat(pod.getAutomountServiceAccountToken()).isFalse();
              assertThat(pod.getHostNetwork()).isNotEqualTo(true);
              assertThat(mount(sidecar, "/var/log/app").getReadOnly()).isTrue();
              assertThat(mount(sidecar, "/etc/logboom").getReadOnly()).isTrue();
              assertThat(mount(container(pod, "app"), "/var/log/app").getReadOnly())
                  .isNotEqualTo(true);
            });
  }

  private static VolumeMount mount(Container container, String path) {
    return container.getVolumeMounts().stream()
        .filter(each -> each.getMountPath().equals(path))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void positionsAndSpoolHaveAPlaceThatOutlivesTheContainer() {
    assertThat(configuration()).contains("storage.path: /var/lib/logboom");
    pods()
        .values()
        .forEach(
            pod -> {
              String name = mount(container(pod, "log-sidecar"), "/var/lib/logboom").getName();
              Volume state =
                  pod.getVolumes().stream()
                      .filter(each -> each.getName().equals(name))
                      .findFirst()
                      .orElseThrow();
              assertThat(state.getEmptyDir()).isNotNull();
              assertThat(pod.getVolumes())
                  .extracting(Volume::getName)
                  .containsExactlyInAnyOrderElementsOf(
                      containers(pod)
                          .flatMap(each -> each.getVolumeMounts().stream())
                          .map(VolumeMount::getName)
                          .distinct()
                          .toList());
            });
  }

  @Test
  void itsBoxIsTheOneThatTheGuideStates() {
    pods()
        .values()
        .forEach(
            pod -> {
              Container sidecar = container(pod, "log-sidecar");
              assertThat(sidecar.getResources().getLimits())
                  .containsEntry("memory", new Quantity("96Mi"));
            });
  }
}
