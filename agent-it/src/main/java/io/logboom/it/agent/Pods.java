package io.logboom.it.agent;

import io.logboom.it.node.Container;
import io.logboom.testkit.kubernetes.FakePod;

/** Played containers as the Kubernetes API knows them. */
public final class Pods {
  private Pods() {}

  /** A pod of one container, with labels of which one is the beginning of another. */
  public static FakePod of(Container container, String node) {
    return FakePod.named(container.namespace(), container.pod(), container.uid())
        .node(node)
        .ip("10.42.0.7")
        .label("app", container.name())
        .label("app.kubernetes.io/name", container.name())
        .label("tier", "backend")
        .annotation("checksum/config", "abcdef0123456789")
        .owner("ReplicaSet", container.pod().replaceFirst("-[^-]+$", ""))
        .container(
            container.name(),
            container.image(),
            "registry.example/" + container.name() + "@sha256:" + "0".repeat(64),
            container.id());
  }
}
