package io.logboom.it.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DaemonSetManifestTest {
  private static String yaml;
  private static Manifest manifest;

  @BeforeAll
  static void read() throws IOException {
    yaml =
        Files.readString(Path.of(System.getProperty("logboom.root"), "deploy", "daemonset.yaml"));
    manifest = Manifest.read(yaml);
  }

  private static DaemonSet daemonSet() {
    return manifest.only(DaemonSet.class);
  }

  private static PodSpec pod() {
    return daemonSet().getSpec().getTemplate().getSpec();
  }

  private static Container container() {
    assertThat(pod().getContainers()).hasSize(1);
    return pod().getContainers().getFirst();
  }

  private static VolumeMount mount(String path) {
    return container().getVolumeMounts().stream()
        .filter(m -> m.getMountPath().equals(path))
        .findFirst()
        .orElseThrow();
  }

  private static Volume volume(String mountPath) {
    String name = mount(mountPath).getName();
    return pod().getVolumes().stream()
        .filter(v -> v.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void holdsEveryObjectThatOneApplyNeeds() {
    assertThat(manifest.objects())
        .extracting(o -> o.getKind())
        .containsExactly(
            "Namespace",
            "ServiceAccount",
            "ClusterRole",
            "ClusterRoleBinding",
            "ConfigMap",
            "DaemonSet",
            "Service");
  }

  @Test
  void aMisspeltFieldIsRefused() {
    String misspelt = yaml.replace("readOnlyRootFilesystem", "readOnlyRootFileSystem");

    assertThatThrownBy(() -> Manifest.read(misspelt))
        .isInstanceOf(UnrecognizedPropertyException.class)
        .hasMessageContaining("readOnlyRootFileSystem");
  }

  @Test
  void theNamesFitTogether() {
    String namespace = manifest.only(Namespace.class).getMetadata().getName();
    ServiceAccount account = manifest.only(ServiceAccount.class);
    ClusterRoleBinding binding = manifest.only(ClusterRoleBinding.class);

    assertThat(pod().getServiceAccountName()).isEqualTo(account.getMetadata().getName());
    assertThat(binding.getRoleRef().getName())
        .isEqualTo(manifest.only(ClusterRole.class).getMetadata().getName());
    assertThat(binding.getSubjects())
        .singleElement()
        .satisfies(
            subject -> {
              assertThat(subject.getKind()).isEqualTo("ServiceAccount");
              assertThat(subject.getName()).isEqualTo(account.getMetadata().getName());
              assertThat(subject.getNamespace()).isEqualTo(namespace);
            });
    assertThat(account.getMetadata().getNamespace()).isEqualTo(namespace);
    assertThat(daemonSet().getMetadata().getNamespace()).isEqualTo(namespace);
    assertThat(manifest.only(ConfigMap.class).getMetadata().getNamespace()).isEqualTo(namespace);
    assertThat(daemonSet().getSpec().getTemplate().getMetadata().getLabels())
        .containsAllEntriesOf(daemonSet().getSpec().getSelector().getMatchLabels());
    assertThat(container().getVolumeMounts())
        .extracting(VolumeMount::getName)
        .containsExactlyInAnyOrderElementsOf(
            pod().getVolumes().stream().map(Volume::getName).toList());
  }

  @Test
  void startsWithTheConfigurationOfTheConfigMap() {
    ConfigMap config = manifest.only(ConfigMap.class);

    assertThat(container().getArgs()).containsExactly("-c", "/etc/logboom/logboom.yaml");
    assertThat(config.getData()).containsOnlyKeys("logboom.yaml");
    assertThat(volume("/etc/logboom").getConfigMap().getName())
        .isEqualTo(config.getMetadata().getName());
  }

  @Test
  void mayOnlyReadPodsAndNamespaces() {
    Set<String> granted =
        manifest.only(ClusterRole.class).getRules().stream()
            .flatMap(DaemonSetManifestTest::permissions)
            .collect(Collectors.toSet());

    assertThat(granted)
        .containsExactlyInAnyOrder(
            "get pods",
            "list pods",
            "watch pods",
            "get namespaces",
            "list namespaces",
            "watch namespaces");
  }

  private static java.util.stream.Stream<String> permissions(PolicyRule rule) {
    assertThat(rule.getApiGroups()).containsExactly("");
    return rule.getResources().stream()
        .flatMap(resource -> rule.getVerbs().stream().map(verb -> verb + " " + resource));
  }

  @Test
  void staysInTheReferenceBox() {
    assertThat(container().getResources().getRequests())
        .isEqualTo(Map.of("memory", new Quantity("64Mi"), "cpu", new Quantity("50m")));
    assertThat(container().getResources().getLimits())
        .isEqualTo(Map.of("memory", new Quantity("128Mi"), "cpu", new Quantity("200m")));
  }

  @Test
  void cannotChangeTheLogsItReads() {
    for (String path : Set.of("/var/log", "/var/lib/docker/containers")) {
      assertThat(mount(path).getReadOnly()).as(path).isTrue();
      assertThat(volume(path).getHostPath().getPath()).isEqualTo(path);
    }
    assertThat(mount("/etc/logboom").getReadOnly()).isTrue();
  }

  @Test
  void keepsItsPositionsOnTheNode() {
    String state = storagePath();

    assertThat(mount(state).getReadOnly()).isNotEqualTo(true);
    assertThat(volume(state).getHostPath().getType()).isEqualTo("DirectoryOrCreate");
  }

  private static String storagePath() {
    return manifest
        .only(ConfigMap.class)
        .getData()
        .get("logboom.yaml")
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith("storage.path: "))
        .map(line -> line.substring("storage.path: ".length()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void holdsNoRightButReading() {
    SecurityContext security = container().getSecurityContext();

    assertThat(security.getReadOnlyRootFilesystem()).isTrue();
    assertThat(security.getAllowPrivilegeEscalation()).isFalse();
    assertThat(security.getPrivileged()).isFalse();
    assertThat(security.getCapabilities().getDrop()).containsExactly("ALL");
    assertThat(security.getCapabilities().getAdd()).containsExactly("DAC_READ_SEARCH");
    assertThat(pod().getSecurityContext().getSeccompProfile().getType())
        .isEqualTo("RuntimeDefault");
    assertThat(pod().getHostNetwork()).isNotEqualTo(true);
    assertThat(pod().getHostPID()).isNotEqualTo(true);
    assertThat(pod().getHostIPC()).isNotEqualTo(true);
  }

  @Test
  void isProbedWhereTheAgentAnswers() {
    assertThat(port("http").getContainerPort()).isEqualTo(2020);
    assertThat(port("http").getHostPort()).isNull();
    Function<HTTPGetAction, String> where = get -> get.getPort().getStrVal() + get.getPath();
    assertThat(where.apply(container().getStartupProbe().getHttpGet())).isEqualTo("http/livez");
    assertThat(where.apply(container().getLivenessProbe().getHttpGet())).isEqualTo("http/livez");
    assertThat(where.apply(container().getReadinessProbe().getHttpGet())).isEqualTo("http/readyz");
    assertThat(daemonSet().getSpec().getTemplate().getMetadata().getAnnotations())
        .containsAllEntriesOf(
            Map.of(
                "prometheus.io/scrape", "true",
                "prometheus.io/port", "2020",
                "prometheus.io/path", "/metrics"));
  }

  private static ContainerPort port(String name) {
    return container().getPorts().stream()
        .filter(port -> port.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void sidecarsFindItAtTheirNodesAddressOrByAServiceOfTheNode() {
    assertThat(port("forward").getContainerPort()).isEqualTo(24224);
    assertThat(port("forward").getHostPort()).isEqualTo(24224);
    String config = manifest.only(ConfigMap.class).getData().get("logboom.yaml");
    assertThat(config).contains("- name: forward").contains("port: 24224");
    Service service = manifest.only(Service.class);
    assertThat(service.getSpec().getInternalTrafficPolicy()).isEqualTo("Local");
    assertThat(service.getSpec().getPublishNotReadyAddresses()).isTrue();
    assertThat(daemonSet().getSpec().getTemplate().getMetadata().getLabels())
        .containsAllEntriesOf(service.getSpec().getSelector());
    assertThat(service.getSpec().getPorts())
        .singleElement()
        .satisfies(
            port -> {
              assertThat(port.getPort()).isEqualTo(24224);
              assertThat(port.getTargetPort().getStrVal()).isEqualTo("forward");
            });
  }

  @Test
  void runsOnEveryNodeAndKnowsWhichOneItIs() {
    assertThat(pod().getTolerations())
        .singleElement()
        .satisfies(
            toleration -> {
              assertThat(toleration.getOperator()).isEqualTo("Exists");
              assertThat(toleration.getKey()).isNull();
              assertThat(toleration.getEffect()).isNull();
            });
    assertThat(container().getEnv())
        .singleElement()
        .satisfies(
            env -> {
              assertThat(env.getName()).isEqualTo("NODE_NAME");
              assertThat(env.getValueFrom().getFieldRef().getFieldPath())
                  .isEqualTo("spec.nodeName");
            });
  }

  @Test
  void hasTimeToDrainAndIsReplacedNodeByNode() {
    assertThat(pod().getTerminationGracePeriodSeconds()).isGreaterThanOrEqualTo(30);
    assertThat(daemonSet().getSpec().getUpdateStrategy().getType()).isEqualTo("RollingUpdate");
    assertThat(pod().getPriorityClassName()).isNull();
  }
}
