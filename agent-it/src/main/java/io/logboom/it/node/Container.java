package io.logboom.it.node;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * One container of one pod, with the identifiers that its log's path carries.
 *
 * @param uid the pod's
 * @param id the container's: 64 hexadecimal digits
 * @param image for the Kubernetes API
 */
public record Container(
    String namespace, String pod, String uid, String name, String id, String image) {

  /** A container whose identifiers follow from its names, so that two runs are alike. */
  public static Container of(String namespace, String pod, String name) {
    String seed = namespace + "/" + pod;
    String uid = UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8)).toString();
    StringBuilder id = new StringBuilder(64);
    for (int part = 0; id.length() < 64; part++) {
      byte[] bytes = (seed + "/" + name + part).getBytes(StandardCharsets.UTF_8);
      id.append(UUID.nameUUIDFromBytes(bytes).toString().replace("-", ""));
    }
    return new Container(
        namespace, pod, uid, name, id.toString(), "registry.example/" + name + ":1.4.2");
  }

  /** The directory of its logs, below {@code pods}. */
  String directory() {
    return namespace + "_" + pod + "_" + uid + "/" + name;
  }

  /** The name of its link in {@code containers}. */
  public String link() {
    return pod + "_" + namespace + "_" + name + "-" + id + ".log";
  }
}
