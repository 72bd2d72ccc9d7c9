package io.logboom.testkit.kubernetes;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Builds a pod as the API server would show it. */
public final class FakePod {
  private final ObjectNode pod = JsonNodeFactory.instance.objectNode();
  private final ObjectNode metadata;
  private final ObjectNode spec;
  private final ObjectNode status;

  private FakePod(String namespace, String name, String uid) {
    pod.put("kind", "Pod").put("apiVersion", "v1");
    metadata = pod.putObject("metadata");
    metadata.put("name", name).put("namespace", namespace).put("uid", uid);
    spec = pod.putObject("spec");
    spec.putArray("containers");
    status = pod.putObject("status");
    status.put("phase", "Running");
  }

  /** A pod without labels, containers and node. */
  public static FakePod named(String namespace, String name, String uid) {
    return new FakePod(namespace, name, uid);
  }

  /** As the scheduler binds it. */
  public FakePod node(String name) {
    spec.put("nodeName", name);
    return this;
  }

  public FakePod ip(String address) {
    status.put("podIP", address);
    return this;
  }

  /** Both families, the first of which is {@link #ip}. */
  public FakePod ips(String first, String second) {
    status.withArrayProperty("podIPs").addObject().put("ip", first);
    status.withArrayProperty("podIPs").addObject().put("ip", second);
    return ip(first);
  }

  /** It shares its node's network, and address. */
  public FakePod hostNetwork() {
    spec.put("hostNetwork", true);
    return this;
  }

  /** Such as {@code Succeeded}. */
  public FakePod phase(String name) {
    status.put("phase", name);
    return this;
  }

  public FakePod label(String key, String value) {
    metadata.withObjectProperty("labels").put(key, value);
    return this;
  }

  public FakePod annotation(String key, String value) {
    metadata.withObjectProperty("annotations").put(key, value);
    return this;
  }

  public FakePod owner(String kind, String name) {
    metadata
        .withArrayProperty("ownerReferences")
        .addObject()
        .put("apiVersion", "apps/v1")
        .put("kind", kind)
        .put("name", name)
        .put("uid", "owner-" + name)
        .put("controller", true);
    return this;
  }

  /** A container that the kubelet has not reported yet. */
  public FakePod pendingContainer(String name, String image) {
    spec.withArrayProperty("containers").addObject().put("name", name).put("image", image);
    return this;
  }

  /** A running container. */
  public FakePod container(String name, String image, String imageId, String id) {
    pendingContainer(name, image);
    status
        .withArrayProperty("containerStatuses")
        .addObject()
        .put("name", name)
        .put("image", image)
        .put("imageID", imageId)
        .put("containerID", "containerd://" + id)
        .put("ready", true);
    return this;
  }

  /** Makes the object as large as real ones can be: {@code managedFields} that nobody needs. */
  public FakePod padded(int bytes) {
    metadata.withArrayProperty("managedFields").addObject().put("padding", "x".repeat(bytes));
    return this;
  }

  /** The API object. */
  public ObjectNode json() {
    return pod.deepCopy();
  }
}
