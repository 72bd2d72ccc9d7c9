package io.logboom.filter.kubernetes;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.logboom.api.json.ByteSink;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads API objects token by token and keeps the few fields that records need; the rest is skipped
 * unread. Serves one thread.
 */
final class PodReader {
  static final String DIRECTIVES = "fluentbit.io/";
  private static final String STATIC_POD_HASH = "kubernetes.io/config.hash";
  private static final int LONGEST_MESSAGE = 300;

  private final KubernetesConfig.Metadata wanted;

  PodReader(KubernetesConfig.Metadata wanted) {
    this.wanted = wanted;
  }

  /** A pod while it is read. */
  private static final class Draft {
    String version = "";
    String namespace = "";
    String name = "";
    String uid = "";
    @Nullable String pathUid;
    @Nullable String node;
    @Nullable String ip;
    final List<InetAddress> addresses = new ArrayList<>(2);
    boolean hostNetwork;
    boolean ended;
    byte @Nullable [] labels;
    byte @Nullable [] annotations;
    byte @Nullable [] owners;
    Map<String, String> directives = Map.of();
    int code;
    String message = "";
    final Map<String, ContainerDraft> containers = new LinkedHashMap<>();

    ContainerDraft container(String wantedName) {
      return containers.computeIfAbsent(wantedName, _ -> new ContainerDraft());
    }
  }

  private static final class ContainerDraft {
    @Nullable String specImage;
    @Nullable String image;
    @Nullable String imageId;
    @Nullable String id;
    @Nullable String lastId;
  }

  /** Reads the object that the parser is at the start of, to its end. */
  ApiObject read(JsonParser p) throws IOException {
    Draft draft = new Draft();
    while (p.nextToken() == JsonToken.FIELD_NAME) {
      String field = p.currentName();
      p.nextToken();
      switch (field) {
        case "metadata" -> metadata(p, draft);
        case "spec" -> spec(p, draft);
        case "status" -> status(p, draft);
        case "code" ->
            draft.code = p.currentToken() == JsonToken.VALUE_NUMBER_INT ? p.getIntValue() : 0;
        case "message" -> draft.message = cut(p.getValueAsString(""));
        default -> p.skipChildren();
      }
    }
    if (p.currentToken() != JsonToken.END_OBJECT) {
      throw new IOException("the object ends early");
    }
    return finish(draft);
  }

  private ApiObject finish(Draft d) {
    if (d.name.isEmpty()) {
      return new ApiObject(d.version, null, null, d.code, d.message);
    }
    Namespace namespace = new Namespace(d.name, d.labels, d.annotations);
    List<Container> containers = new ArrayList<>(d.containers.size());
    d.containers.forEach(
        (name, c) ->
            containers.add(
                new Container(
                    name, c.image == null ? c.specImage : c.image, c.imageId, c.id, c.lastId)));
    Pod pod =
        new Pod(
            d.namespace,
            d.name,
            d.uid,
            d.pathUid,
            d.node,
            d.ip,
            wanted.labels() ? d.labels : null,
            wanted.annotations() ? d.annotations : null,
            d.owners,
            d.directives,
            List.copyOf(containers),
            d.hostNetwork || d.ended ? List.of() : List.copyOf(d.addresses),
            !d.hostNetwork && !d.ended && d.addresses.isEmpty());
    return new ApiObject(d.version, pod, namespace, d.code, d.message);
  }

  private static boolean notObject(JsonParser p) throws IOException {
    if (p.currentToken() != JsonToken.START_OBJECT) {
      p.skipChildren();
      return true;
    }
    return false;
  }

  private void metadata(JsonParser p, Draft d) throws IOException {
    if (notObject(p)) {
      return;
    }
    while (p.nextToken() == JsonToken.FIELD_NAME) {
      String field = p.currentName();
      p.nextToken();
      switch (field) {
        case "name" -> d.name = p.getValueAsString("");
        case "namespace" -> d.namespace = p.getValueAsString("");
        case "uid" -> d.uid = p.getValueAsString("");
        case "resourceVersion" -> d.version = p.getValueAsString("");
        case "labels" -> {
          if (wanted.labels() || wanted.namespaceLabels()) {
            d.labels = strings(p, null);
          } else {
            p.skipChildren();
          }
        }
        case "annotations" -> annotations(p, d);
        case "ownerReferences" -> {
          if (wanted.ownerReferences() && p.currentToken() == JsonToken.START_ARRAY) {
            ByteSink out = ByteSink.growing(256);
            JsonCopy.copy(p, out);
            d.owners = out.toByteArray();
          } else {
            p.skipChildren();
          }
        }
        default -> p.skipChildren();
      }
    }
  }

  private void annotations(JsonParser p, Draft d) throws IOException {
    Map<String, String> special = new LinkedHashMap<>();
    byte[] all = strings(p, special);
    if (wanted.annotations() || wanted.namespaceAnnotations()) {
      d.annotations = all;
    }
    d.pathUid = special.remove(STATIC_POD_HASH);
    d.directives = special.isEmpty() ? Map.of() : Map.copyOf(special);
  }

  /**
   * A map of strings, encoded; null where it is empty.
   *
   * @param special where annotations go that mean something to the filter; for annotations that are
   *     not wanted nothing else is encoded
   */
  private byte @Nullable [] strings(JsonParser p, @Nullable Map<String, String> special)
      throws IOException {
    if (notObject(p)) {
      return null;
    }
    boolean encode = special == null || wanted.annotations() || wanted.namespaceAnnotations();
    ByteSink out = ByteSink.growing(encode ? 256 : 16);
    while (p.nextToken() == JsonToken.FIELD_NAME) {
      String key = p.currentName();
      p.nextToken();
      if (special != null && (key.startsWith(DIRECTIVES) || key.equals(STATIC_POD_HASH))) {
        special.put(key, p.getValueAsString(""));
      }
      if (encode) {
        out.put((byte) (out.position() == 0 ? '{' : ','));
        JsonCopy.string(key, out);
        out.put((byte) ':');
        JsonCopy.copy(p, out);
      } else {
        p.skipChildren();
      }
    }
    if (out.position() == 0) {
      return null;
    }
    out.put((byte) '}');
    return out.toByteArray();
  }

  private static void spec(JsonParser p, Draft d) throws IOException {
    if (notObject(p)) {
      return;
    }
    while (p.nextToken() == JsonToken.FIELD_NAME) {
      String field = p.currentName();
      p.nextToken();
      switch (field) {
        case "nodeName" -> d.node = p.getValueAsString();
        case "hostNetwork" -> d.hostNetwork = p.getValueAsBoolean();
        case "containers", "initContainers", "ephemeralContainers" -> specContainers(p, d);
        default -> p.skipChildren();
      }
    }
  }

  private static void specContainers(JsonParser p, Draft d) throws IOException {
    if (p.currentToken() != JsonToken.START_ARRAY) {
      p.skipChildren();
      return;
    }
    while (p.nextToken() == JsonToken.START_OBJECT) {
      String name = null;
      String image = null;
      while (p.nextToken() == JsonToken.FIELD_NAME) {
        String field = p.currentName();
        p.nextToken();
        switch (field) {
          case "name" -> name = p.getValueAsString();
          case "image" -> image = p.getValueAsString();
          default -> p.skipChildren();
        }
      }
      if (name != null) {
        d.container(name).specImage = image;
      }
    }
  }

  private static void status(JsonParser p, Draft d) throws IOException {
    if (notObject(p)) {
      return;
    }
    while (p.nextToken() == JsonToken.FIELD_NAME) {
      String field = p.currentName();
      p.nextToken();
      switch (field) {
        case "podIP" -> {
          d.ip = p.getValueAsString();
          address(d, d.ip);
        }
        case "podIPs" -> addresses(p, d);
        case "phase" -> {
          String phase = p.getValueAsString("");
          d.ended = phase.equals("Succeeded") || phase.equals("Failed");
        }
        case "containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses" ->
            containerStatuses(p, d);
        default -> p.skipChildren();
      }
    }
  }

  /** {@code [{"ip":...}]}: where a pod has addresses of both families. */
  private static void addresses(JsonParser p, Draft d) throws IOException {
    if (p.currentToken() != JsonToken.START_ARRAY) {
      p.skipChildren();
      return;
    }
    while (p.nextToken() == JsonToken.START_OBJECT) {
      while (p.nextToken() == JsonToken.FIELD_NAME) {
        String field = p.currentName();
        p.nextToken();
        if (field.equals("ip")) {
          address(d, p.getValueAsString());
        } else {
          p.skipChildren();
        }
      }
    }
  }

  private static void address(Draft d, @Nullable String text) {
    if (text == null || text.isEmpty()) {
      return;
    }
    try {
      InetAddress address = InetAddress.ofLiteral(text);
      if (!d.addresses.contains(address)) {
        d.addresses.add(address);
      }
    } catch (IllegalArgumentException e) {
      // Nobody will be found by it.
    }
  }

  private static void containerStatuses(JsonParser p, Draft d) throws IOException {
    if (p.currentToken() != JsonToken.START_ARRAY) {
      p.skipChildren();
      return;
    }
    while (p.nextToken() == JsonToken.START_OBJECT) {
      String name = null;
      ContainerDraft read = new ContainerDraft();
      while (p.nextToken() == JsonToken.FIELD_NAME) {
        String field = p.currentName();
        p.nextToken();
        switch (field) {
          case "name" -> name = p.getValueAsString();
          case "image" -> read.image = nonEmpty(p.getValueAsString());
          case "imageID" -> read.imageId = bare(p.getValueAsString());
          case "containerID" -> read.id = bare(p.getValueAsString());
          case "lastState" -> read.lastId = lastId(p);
          default -> p.skipChildren();
        }
      }
      if (name != null) {
        ContainerDraft known = d.container(name);
        read.specImage = known.specImage;
        d.containers.put(name, read);
      }
    }
  }

  /** {@code {"terminated":{"containerID":...}}}. */
  private static @Nullable String lastId(JsonParser p) throws IOException {
    String id = null;
    if (notObject(p)) {
      return null;
    }
    while (p.nextToken() == JsonToken.FIELD_NAME) {
      p.nextToken();
      if (notObject(p)) {
        continue;
      }
      while (p.nextToken() == JsonToken.FIELD_NAME) {
        String field = p.currentName();
        p.nextToken();
        if (field.equals("containerID")) {
          id = bare(p.getValueAsString());
        } else {
          p.skipChildren();
        }
      }
    }
    return id;
  }

  private static @Nullable String nonEmpty(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }

  /** Without {@code containerd://} and the like. */
  private static @Nullable String bare(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    int at = text.indexOf("://");
    return at < 0 ? text : text.substring(at + 3);
  }

  private static String cut(String text) {
    return text.length() <= LONGEST_MESSAGE ? text : text.substring(0, LONGEST_MESSAGE) + " ...";
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
