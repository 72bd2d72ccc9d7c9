package io.logboom.filter.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.logboom.api.meter.Meters;
import io.logboom.api.plugin.StartException;
import io.logboom.filter.kubernetes.Knowledge.Way;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Decides where metadata comes from. */
final class Sources {
  private static final String SERVICE = "https://kubernetes.default.svc";

  private Sources() {}

  static Knowledge open(
      KubernetesConfig config,
      Meters meters,
      UnaryOperator<@Nullable String> environment,
      LongSupplier nanos)
      throws StartException {
    ApiServer server = server(config, environment, nanos);
    PodReader reader = new PodReader(config.metadata());
    ApiClient api = new ApiClient(server, meters, reader);
    String node = node(config, environment);
    return new Knowledge(
        way(config, node), node, own(config, environment), config, api, reader, meters, nanos);
  }

  private static Way way(KubernetesConfig config, @Nullable String node) {
    if (config.naming().useTagForMeta() || config.metadata().namespaceMetadataOnly()) {
      return Way.NONE;
    }
    if (config.kubelet().useKubelet()) {
      return Way.KUBELET;
    }
    return node == null ? Way.LOOKUP : Way.NODE;
  }

  private static @Nullable String node(
      KubernetesConfig config, UnaryOperator<@Nullable String> environment) {
    String node = config.server().nodeName();
    if (node == null || node.isBlank()) {
      node = environment.apply("NODE_NAME");
    }
    return node == null || node.isBlank() ? null : node.trim();
  }

  /** The agent's own pod, as far as its environment and its service account tell. */
  private static @Nullable LogName own(
      KubernetesConfig config, UnaryOperator<@Nullable String> environment) {
    String pod = environment.apply("POD_NAME");
    if (pod == null || pod.isBlank()) {
      pod = environment.apply("HOSTNAME");
    }
    String namespace = environment.apply("POD_NAMESPACE");
    if (namespace == null || namespace.isBlank()) {
      Path file = config.naming().kubeNamespaceFile();
      try {
        namespace = Files.isReadable(file) ? Files.readString(file) : null;
      } catch (IOException e) {
        return null;
      }
    }
    return pod == null || pod.isBlank() || namespace == null || namespace.isBlank()
        ? null
        : new LogName(namespace.trim(), pod.trim(), null, "", "", null);
  }

  private static ApiServer server(
      KubernetesConfig config, UnaryOperator<@Nullable String> environment, LongSupplier nanos)
      throws StartException {
    KubernetesConfig.Server options = config.server();
    KubernetesConfig.Kubelet kubelet = config.kubelet();
    String url = options.kubeUrl();
    if (kubelet.useKubelet()) {
      url = "https://" + kubelet.kubeletHost() + ":" + kubelet.kubeletPort();
    } else if (url == null) {
      Config kubeconfig = kubeconfig(options, environment);
      if (kubeconfig != null) {
        Credentials none = new Credentials(null, null, Long.MAX_VALUE, nanos);
        return new ApiServer(
            kubeconfig.getMasterUrl(), config.tls(), null, null, none, kubeconfig, nanos);
      }
      url = service(environment);
    }
    Credentials credentials =
        new Credentials(
            options.kubeTokenFile(),
            options.kubeTokenCommand(),
            options.kubeTokenTtl().toNanos(),
            nanos);
    return new ApiServer(
        url, config.tls(), options.kubeCaFile(), options.kubeCaPath(), credentials, null, nanos);
  }

  /** The service that the kubelet tells every pod of. */
  private static String service(UnaryOperator<@Nullable String> environment) {
    String host = environment.apply("KUBERNETES_SERVICE_HOST");
    String port = environment.apply("KUBERNETES_SERVICE_PORT");
    if (host == null || host.isBlank()) {
      return SERVICE;
    }
    String name = host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
    return "https://" + name + ":" + (port == null || port.isBlank() ? "443" : port);
  }

  private static @Nullable Config kubeconfig(
      KubernetesConfig.Server options, UnaryOperator<@Nullable String> environment)
      throws StartException {
    String file = environment.apply("KUBECONFIG");
    if (file == null
        || file.isBlank()
        || Files.exists(options.kubeTokenFile())
        || options.kubeTokenCommand() != null) {
      return null;
    }
    try {
      return Config.fromKubeconfig(new java.io.File(file));
    } catch (RuntimeException e) {
      throw new StartException("cannot use the kubeconfig file " + file + ": " + e.getMessage(), e);
    }
  }
}
