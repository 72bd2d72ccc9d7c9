package io.logboom.output.loki;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.json.JsonMembers;
import io.logboom.api.record.Accessor;
import io.logboom.api.record.FieldKind;
import io.logboom.api.record.FieldReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The default labels of a record with Kubernetes metadata, and where the rest of the metadata goes:
 *
 * <pre>
 * label       namespace  app                                    container       node  stream
 * made from   namespace_ label app.kubernetes.io/name, else     container_name  host  the record's
 *             name       app, else k8s-app                                            stream
 * </pre>
 *
 * None of them has a pod's name: streams stay as many when pods come and go. For one thread.
 */
final class Kubernetes {
  private static final byte[] NAMESPACE = ascii("namespace");
  private static final byte[] APP = ascii("app");
  private static final byte[] CONTAINER = ascii("container");
  private static final byte[] NODE = ascii("node");
  private static final byte[] STREAM = ascii("stream");
  private static final byte[] POD = ascii("pod");
  private static final byte[] NONE = {};
  private static final byte[] UNDERSCORE = ascii("_");
  private static final byte[] LABEL = ascii("label_");
  private static final byte[] ANNOTATION = ascii("annotation_");
  private static final byte[][] APP_LABELS = {
    ascii("app.kubernetes.io/name"), ascii("app"), ascii("k8s-app")
  };

  private final FieldReader metadata;
  private final FieldReader stream;
  private final JsonMembers members = new JsonMembers();
  private final JsonMembers inner = new JsonMembers();
  private final Source.JsonWalk walk = new Source.JsonWalk();

  Kubernetes(Names names) {
    this.metadata = Accessor.parse("kubernetes").reader(names);
    this.stream = Accessor.parse("stream").reader(names);
  }

  /**
   * Adds labels, and the rest of the metadata.
   *
   * @return false, and nothing added, where the record has no metadata
   */
  boolean read(Batch batch, int record, Pairs labels, Pairs rest) {
    if (!metadata.read(batch, record) || metadata.kind() != FieldKind.OBJECT) {
      return false;
    }
    byte[] json = metadata.bytes();
    members.reset(json, metadata.from() + 1, metadata.to() - 1);
    boolean known = false;
    while (members.next()) {
      known |= isName(json, "namespace_name");
    }
    if (!known) {
      return false;
    }
    members.reset(json, metadata.from() + 1, metadata.to() - 1);
    while (members.next()) {
      member(json, labels, rest);
    }
    if (stream.read(batch, record) && stream.kind() == FieldKind.STRING) {
      labels.add(STREAM, stream.bytes(), stream.from(), stream.to());
    }
    return true;
  }

  private void member(byte[] json, Pairs labels, Pairs rest) {
    int from = members.valueFrom();
    int to = members.valueTo();
    if (isName(json, "labels")) {
      app(json, from, to, labels);
      nested(json, from, to, LABEL, rest);
    } else if (isName(json, "annotations")) {
      nested(json, from, to, ANNOTATION, rest);
    } else if (json[from] == '{') {
      int length = members.nameTo() - members.nameFrom();
      byte[] prefix = Arrays.copyOfRange(json, members.nameFrom(), members.nameTo() + 1);
      prefix[length] = UNDERSCORE[0];
      nested(json, from, to, tamed(prefix), rest);
    } else if (json[from] != 'n') {
      walk.value(json, from, to);
      if (isName(json, "namespace_name")) {
        labels.add(NAMESPACE, walk.bytes, walk.valueFrom, walk.valueTo);
      } else if (isName(json, "container_name")) {
        labels.add(CONTAINER, walk.bytes, walk.valueFrom, walk.valueTo);
      } else if (isName(json, "host")) {
        labels.add(NODE, walk.bytes, walk.valueFrom, walk.valueTo);
      } else if (isName(json, "pod_name")) {
        rest.add(POD, walk.bytes, walk.valueFrom, walk.valueTo);
      } else {
        rest.addTamed(
            NONE,
            json,
            members.nameFrom(),
            members.nameTo(),
            walk.bytes,
            walk.valueFrom,
            walk.valueTo);
      }
    }
  }

  private void nested(byte[] json, int from, int to, byte[] prefix, Pairs rest) {
    if (json[from] == '{') {
      walk.members(json, from, to, prefix, false, rest);
    }
  }

  private void app(byte[] json, int from, int to, Pairs labels) {
    if (json[from] != '{') {
      return;
    }
    for (byte[] name : APP_LABELS) {
      inner.reset(json, from + 1, to - 1);
      while (inner.next()) {
        if (json[inner.valueFrom()] == '"'
            && Arrays.equals(json, inner.nameFrom(), inner.nameTo(), name, 0, name.length)) {
          walk.value(json, inner.valueFrom(), inner.valueTo());
          labels.add(APP, walk.bytes, walk.valueFrom, walk.valueTo);
          return;
        }
      }
    }
  }

  private static byte[] tamed(byte[] name) {
    for (int i = 0; i < name.length; i++) {
      name[i] = Pairs.isOfName(name[i]) ? name[i] : UNDERSCORE[0];
    }
    return name;
  }

  private boolean isName(byte[] json, String name) {
    int from = members.nameFrom();
    if (members.nameTo() - from != name.length()) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      if (json[from + i] != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
