package io.logboom.filter.kubernetes;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Origin;
import io.logboom.api.json.JsonMembers;
import io.logboom.api.plugin.Parser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Finds out which container an origin's records are from. Serves one thread. */
final class LogNames {
  private static final int MOST_LINKS = 8;

  private final String prefix;
  private final @Nullable Parser custom;

  /**
   * @param custom reads a tag behind the prefix in place of the built-in pattern
   */
  LogNames(String prefix, @Nullable Parser custom) {
    this.prefix = prefix;
    this.custom = custom;
  }

  /** From the tag, else from the source's own name; null where neither tells. */
  @Nullable LogName of(Origin origin) {
    String tag = origin.tag();
    String source = origin.source();
    LogName name = null;
    if (tag.length() > prefix.length() && tag.startsWith(prefix)) {
      String rest = tag.substring(prefix.length());
      name = custom == null ? LogName.ofFile(rest) : parse(custom, rest);
    }
    if (name == null && custom == null) {
      name = LogName.ofTag(tag);
    }
    if (name == null && custom == null) {
      name = LogName.ofFile(source.substring(source.lastIndexOf('/') + 1));
    }
    if (name == null && custom == null) {
      return LogName.ofPath(source);
    }
    return name == null ? null : name.withUid(name.uidIn(source));
  }

  /** Runs the parser on a batch of one record, the tag. */
  private static @Nullable LogName parse(Parser parser, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Batch batch =
        new Batch(
            (old, used, atLeast) -> Arrays.copyOf(old, Math.max(atLeast, used * 2)), bytes, 1);
    batch.advance(bytes.length);
    batch.add(0, 0, bytes.length, 0, 0);
    if (!parser.parse(batch, 0) || !batch.isJson(0)) {
      return null;
    }
    byte[] json = batch.bytes();
    int from = batch.offset(0);
    String pod = "";
    String namespace = "";
    String container = "";
    String id = "";
    String hash = null;
    JsonMembers each = new JsonMembers(json, from + 1, from + batch.length(0) - 1);
    while (each.next()) {
      if (json[each.valueFrom()] != '"') {
        continue;
      }
      String value = JsonText.decode(json, each.valueFrom() + 1, each.valueTo() - 1);
      switch (JsonText.decode(json, each.nameFrom(), each.nameTo())) {
        case "pod_name" -> pod = value;
        case "namespace_name" -> namespace = value;
        case "container_name" -> container = value;
        case "docker_id" -> id = value;
        case "container_hash" -> hash = value;
        default -> {}
      }
    }
    return pod.isEmpty() || namespace.isEmpty()
        ? null
        : new LogName(namespace, pod, null, container, id, hash);
  }

  /**
   * The pod's UID, from where the links lead that start at the source: the kubelet links
   * /var/log/containers/X.log to /var/log/pods/NAMESPACE_POD_UID/CONTAINER/N.log. Reads the disk.
   */
  static @Nullable String linkedUid(LogName name, String source) {
    try {
      Path path = Path.of(source);
      for (int i = 0; i < MOST_LINKS && Files.isSymbolicLink(path); i++) {
        path = path.resolveSibling(Files.readSymbolicLink(path));
        String uid = name.uidIn(path.toString());
        if (uid != null) {
          return uid;
        }
      }
      return null;
    } catch (IOException | RuntimeException e) {
      // Gone, or no path at all: the name is all there is.
      return null;
    }
  }
}
