package io.logboom.filter.kubernetes;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a pod. Immutable: a changed pod is another object, so that identity tells whether
 * anything changed.
 *
 * @param pathUid the UID that the kubelet uses in paths where that is not {@link #uid}: a static
 *     pod's hash
 * @param labels a JSON object, encoded; null where there are none or they are not wanted
 * @param directives the annotations under {@code fluentbit.io/}
 * @param addresses those that are this pod's alone: none where it has its node's, and none any more
 *     once it has ended, since another pod may have them then
 * @param starting whether it will have an address of its own and does not have it yet
 */
record Pod(
    String namespace,
    String name,
    String uid,
    @Nullable String pathUid,
    @Nullable String node,
    @Nullable String ip,
    byte @Nullable [] labels,
    byte @Nullable [] annotations,
    byte @Nullable [] owners,
    Map<String, String> directives,
    List<Container> containers,
    List<InetAddress> addresses,
    boolean starting) {
  private static final String NIL = "00000000-0000-0000-0000-000000000000";

  /** Whether the object names itself; the nil UUID (RFC 9562) names nobody. */
  boolean hasUid() {
    return !uid.isEmpty() && !uid.equals(NIL);
  }

  @Nullable Container container(String wanted) {
    for (Container c : containers) {
      if (c.name().equals(wanted)) {
        return c;
      }
    }
    return null;
  }

  boolean hasContainerId(String id) {
    for (Container c : containers) {
      if (c.hasId(id)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the log proves to be this pod's, by UID or container, and not just by name. */
  boolean isProvenBy(LogName log) {
    String wanted = log.uid();
    return wanted == null
        ? hasContainerId(log.containerId())
        : wanted.equals(uid) || wanted.equals(pathUid) || !hasUid();
  }

  /** Whether it is the pod of that name, and of that UID where one is told. */
  boolean isCalled(LogName log) {
    String wanted = log.uid();
    return log.pod().equals(name)
        && log.namespace().equals(namespace)
        && (wanted == null || wanted.equals(uid) || wanted.equals(pathUid) || !hasUid());
  }

  /** About the bytes that it holds. */
  int weight() {
    return 512
        + 256 * containers.size()
        + 128 * addresses.size()
        + size(labels)
        + size(annotations)
        + size(owners);
  }

  private static int size(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }
}
