package io.logboom.filter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logboom.api.plugin.FilterPlugin;
import io.logboom.api.plugin.Problems;
import io.logboom.api.plugin.StartException;
import io.logboom.core.config.Binder;
import io.logboom.testkit.TestContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubernetesPluginTest {
  private static List<String> problems(String... options) {
    List<String> found = new ArrayList<>();
    new KubernetesPlugin()
        .check(
            Binder.bind(KubernetesConfig.class, options),
            new Problems() {
              @Override
              public void error(String option, String rule, String hint) {
                found.add("error " + option + " " + rule);
              }

              @Override
              public void warning(String option, String rule, String hint) {
                found.add("warning " + option + " " + rule);
              }
            });
    return found;
  }

  @Test
  @SuppressWarnings("rawtypes") // A service is found by its raw type.
  void isFoundByItsName() {
    assertThat(ServiceLoader.load(FilterPlugin.class).stream().map(p -> p.get().type()))
        .contains("kubernetes");
  }

  @Test
  void hasFluentBitsDefaults() {
    KubernetesConfig config = Binder.bind(KubernetesConfig.class);
    assertThat(config.naming().kubeTagPrefix()).isEqualTo("kube.var.log.containers.");
    assertThat(config.merge().mergeLog()).isFalse();
    assertThat(config.merge().keepLog()).isTrue();
    assertThat(config.merge().mergeLogTrim()).isTrue();
    assertThat(config.metadata().labels()).isTrue();
    assertThat(config.metadata().annotations()).isTrue();
    assertThat(config.server().kubeTokenTtl()).isEqualTo(Duration.ofMinutes(10));
    assertThat(config.keeping().kubeMetaNamespaceCacheTtl()).isEqualTo(Duration.ofMinutes(15));
    assertThat(config.kubelet().kubeletPort()).isEqualTo(10250);
    assertThat(config.tls().verify()).isTrue();
    assertThat(problems()).isEmpty();
  }

  @Test
  void takesTheOptionsOfTheUsualDaemonSet() {
    assertThat(
            problems(
                "Kube_URL", "https://kubernetes.default.svc:443",
                "Kube_CA_File", "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt",
                "Kube_Token_File", "/var/run/secrets/kubernetes.io/serviceaccount/token",
                "Kube_Tag_Prefix", "kube.var.log.containers.",
                "Merge_Log", "On",
                "Merge_Log_Key", "log_processed",
                "K8S-Logging.Parser", "On",
                "K8S-Logging.Exclude", "Off",
                "Keep_Log", "Off",
                "Labels", "On",
                "Annotations", "Off",
                "Buffer_Size", "0",
                "tls.verify", "Off",
                "Use_Kubelet", "false",
                "Kubelet_Port", "10250"))
        .isEmpty();
  }

  @Test
  void saysWhatIsWrongAndWhatHasNoEffect() {
    assertThat(
            problems(
                "kube_url", "kubernetes:443",
                "use_journal", "on",
                "dummy_meta", "on",
                "use_pod_association", "on",
                "merge_log_key", "k",
                "k8s-logging.parser", "on",
                "namespace_metadata_only", "on",
                "kube_meta_preload_cache_dir", "/x"))
        .anyMatch(p -> p.startsWith("error kube_url"))
        .anyMatch(p -> p.startsWith("error use_journal"))
        .anyMatch(p -> p.startsWith("error dummy_meta"))
        .anyMatch(p -> p.startsWith("error aws_use_pod_association"))
        .anyMatch(p -> p.startsWith("error namespace_metadata_only"))
        .anyMatch(p -> p.startsWith("error kube_meta_preload_cache_dir"))
        .anyMatch(p -> p.startsWith("warning merge_log_key"))
        .anyMatch(p -> p.startsWith("warning k8s-logging.parser"))
        .hasSize(8);
  }

  @Test
  void doesNotStartWithAParserThatDoesNotExist(@TempDir Path state) {
    KubernetesConfig config = Binder.bind(KubernetesConfig.class, "merge_parser", "nowhere");
    assertThatThrownBy(() -> new KubernetesPlugin().create(config, new TestContext(state)))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("nowhere");
  }
}
