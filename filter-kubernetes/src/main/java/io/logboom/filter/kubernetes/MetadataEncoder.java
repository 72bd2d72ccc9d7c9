package io.logboom.filter.kubernetes;

import io.logboom.api.batch.Fragment;
import io.logboom.api.batch.Names;
import io.logboom.api.json.ByteSink;
import org.jspecify.annotations.Nullable;

/**
 * Writes the members {@code kubernetes} and {@code kubernetes_namespace}, with names in Fluent
 * Bit's order and only those that are known.
 */
final class MetadataEncoder {
  private final Names names;
  private final KubernetesConfig.Metadata wanted;

  MetadataEncoder(Names names, KubernetesConfig.Metadata wanted) {
    this.names = names;
    this.wanted = wanted;
    // Registered before records flow, so that a clash with a record's own members is noticed.
    names.of("kubernetes");
    names.of("kubernetes_namespace");
  }

  /**
   * @param pod null where it is not known
   * @param node the node's name, for a pod that is not known; may be null
   * @param present whether the log is the pod's present container of that name, for want of an id
   */
  Fragment pod(LogName log, @Nullable Pod pod, @Nullable String node, boolean present) {
    ByteSink out = ByteSink.growing(1024);
    out.put((byte) '{');
    JsonCopy.member("pod_name", log.pod(), out);
    JsonCopy.member("namespace_name", log.namespace(), out);
    if (pod != null && pod.hasUid()) {
      JsonCopy.member("pod_id", pod.uid(), out);
    } else if (log.uid() != null) {
      JsonCopy.member("pod_id", log.uid(), out);
    }
    if (pod != null) {
      json("labels", wanted.labels() ? pod.labels() : null, out);
      json("annotations", wanted.annotations() ? pod.annotations() : null, out);
      json("ownerReferences", pod.owners(), out);
    }
    string("host", pod == null ? node : pod.node(), out);
    string("pod_ip", pod == null ? null : pod.ip(), out);
    string("container_name", log.container(), out);
    Container container = pod == null ? null : pod.container(log.container());
    String id = log.containerId();
    if (present && container != null && id.isEmpty()) {
      string("docker_id", container.id(), out);
    } else {
      string("docker_id", id, out);
    }
    String hash = container == null ? null : container.imageId();
    string("container_hash", hash == null ? log.containerHash() : hash, out);
    string("container_image", container == null ? null : container.image(), out);
    out.put((byte) '}');
    return Fragment.builder(names).json("kubernetes", out.toByteArray()).build();
  }

  Fragment namespace(Namespace namespace) {
    ByteSink out = ByteSink.growing(256);
    out.put((byte) '{');
    JsonCopy.member("name", namespace.name(), out);
    json("labels", wanted.namespaceLabels() ? namespace.labels() : null, out);
    json("annotations", wanted.namespaceAnnotations() ? namespace.annotations() : null, out);
    out.put((byte) '}');
    return Fragment.builder(names).json("kubernetes_namespace", out.toByteArray()).build();
  }

  private static void string(String name, @Nullable String value, ByteSink out) {
    if (value != null && !value.isEmpty()) {
      JsonCopy.member(name, value, out);
    }
  }

  private static void json(String name, byte @Nullable [] value, ByteSink out) {
    if (value != null) {
      JsonCopy.name(name, out);
      out.put(value, 0, value.length);
    }
  }
}
