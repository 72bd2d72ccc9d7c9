package io.logboom.filter.kubernetes;

import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Filter;
import io.logboom.api.plugin.FilterPlugin;
import io.logboom.api.plugin.Problems;
import io.logboom.api.plugin.StartException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The {@code kubernetes} filter. */
public final class KubernetesPlugin implements FilterPlugin<KubernetesConfig> {
  private final UnaryOperator<@Nullable String> environment;

  public KubernetesPlugin() {
    this(System::getenv);
  }

  KubernetesPlugin(UnaryOperator<@Nullable String> environment) {
    this.environment = environment;
  }

  @Override
  public String type() {
    return "kubernetes";
  }

  @Override
  public String text() {
    return "Adds the metadata of pods and namespaces to the logs of containers, and merges JSON"
        + " logs.";
  }

  @Override
  public Class<KubernetesConfig> config() {
    return KubernetesConfig.class;
  }

  @Override
  public void check(KubernetesConfig config, Problems problems) {
    checkSource(config, problems);
    KubernetesConfig.Merge merge = config.merge();
    if (!merge.mergeLog()) {
      String rule = "has no effect without merge_log";
      if (merge.mergeLogKey() != null) {
        problems.warning("merge_log_key", rule, "merge_log on");
      }
      if (merge.mergeParser() != null) {
        problems.warning("merge_parser", rule, "merge_log on");
      }
      if (config.logging().parser()) {
        problems.warning("k8s-logging.parser", rule, "merge_log on");
      }
    }
    if (merge.mergeLogKey() != null && merge.mergeLogKey().isEmpty()) {
      problems.error("merge_log_key", "is empty", "leave it out to merge into the record itself");
    }
    unsupported(config, problems);
  }

  private static void checkSource(KubernetesConfig config, Problems problems) {
    String url = config.server().kubeUrl();
    if (url != null) {
      String wrong = wrongUrl(url);
      if (wrong != null) {
        problems.error("kube_url", wrong, "https://kubernetes.default.svc:443");
      }
    }
    if (config.kubelet().useKubelet() && config.naming().useTagForMeta()) {
      problems.error("use_kubelet", "contradicts use_tag_for_meta", "use one of them");
    }
    if (config.kubelet().useKubelet() && config.metadata().namespaces()) {
      problems.error(
          "use_kubelet", "the kubelet does not know namespaces", "leave out the namespace options");
    }
    if (config.metadata().namespaceMetadataOnly() && !config.metadata().namespaces()) {
      problems.error(
          "namespace_metadata_only",
          "leaves nothing to add",
          "namespace_labels on, namespace_annotations on or both");
    }
    if (config.keeping().kubeMetaWait().isNegative()) {
      problems.error("kube_meta_wait", "is negative", "10s");
    }
  }

  private static void unsupported(KubernetesConfig config, Problems problems) {
    String rule = "is not supported yet";
    if (config.naming().useJournal()) {
      problems.error("use_journal", rule, "leave it out");
    }
    if (config.compatibility().dummyMeta()) {
      problems.error("dummy_meta", rule, "leave it out");
    }
    if (config.compatibility().awsUsePodAssociation()) {
      problems.error("aws_use_pod_association", rule, "leave it out");
    }
    if (config.compatibility().kubeMetaPreloadCacheDir() != null) {
      problems.error("kube_meta_preload_cache_dir", rule, "leave it out");
    }
  }

  /** What is wrong with the URL; null where nothing is. */
  private static @Nullable String wrongUrl(String url) {
    try {
      URI uri = new URI(url);
      String scheme = uri.getScheme();
      if (scheme == null || !(scheme.equals("https") || scheme.equals("http"))) {
        return "is not an http or https URL";
      }
      return uri.getHost() == null ? "has no host" : null;
    } catch (URISyntaxException e) {
      return "is not a URL";
    }
  }

  @Override
  public Filter create(KubernetesConfig config, Context context) throws StartException {
    return Kubernetes.create(config, context, environment);
  }
}
