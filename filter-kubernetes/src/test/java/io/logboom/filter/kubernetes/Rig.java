package io.logboom.filter.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Fragment;
import io.logboom.api.batch.Origin;
import io.logboom.api.json.ByteSink;
import io.logboom.api.json.RecordWriter;
import io.logboom.api.plugin.Filter;
import io.logboom.core.config.Binder;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.kubernetes.FakeKubernetes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A filter as the engine would have it: configured, created, started, given batches. */
final class Rig implements AutoCloseable {
  static final String NODE = "node-1";
  static final ObjectMapper JSON = new ObjectMapper();

  final TestContext context;
  final Filter filter;

  Rig(TestContext context, Map<String, String> environment, String... options) throws Exception {
    this.context = context;
    KubernetesConfig config = Binder.bind(KubernetesConfig.class, options);
    this.filter = new KubernetesPlugin(environment::get).create(config, context);
    filter.start();
  }

  /** On a node whose name is known. */
  static Rig onNode(Path state, FakeKubernetes api, String... more) throws Exception {
    return new Rig(context(state), Map.of("NODE_NAME", NODE), options(api, more));
  }

  /** On a node whose name is not known. */
  static Rig anywhere(Path state, FakeKubernetes api, String... more) throws Exception {
    return new Rig(context(state), Map.of(), options(api, more));
  }

  /** In a pod that knows its name, on a node whose name is not known. */
  static Rig inPod(Path state, FakeKubernetes api, String namespace, String pod, String... more)
      throws Exception {
    Map<String, String> environment = Map.of("POD_NAMESPACE", namespace, "HOSTNAME", pod);
    return new Rig(context(state), environment, options(api, more));
  }

  private static TestContext context(Path state) {
    return new TestContext(state, 4096, 512 << 20);
  }

  private static String[] options(FakeKubernetes api, String... more) {
    List<String> all = new ArrayList<>(List.of("kube_url", api.url()));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  static String id(char c) {
    return String.valueOf(c).repeat(64);
  }

  static String tag(String namespace, String pod, String container, String id) {
    return "kube.var.log.containers." + pod + "_" + namespace + "_" + container + "-" + id + ".log";
  }

  /** An origin whose source is a path with the pod's UID. */
  Origin origin(String namespace, String pod, String uid, String container, String id) {
    String path = "/var/log/pods/" + namespace + "_" + pod + "_" + uid + "/" + container + "/0.log";
    return stdout(tag(namespace, pod, container, id)).source(path).build();
  }

  /** An origin of which only the name is known. */
  Origin nameless(String namespace, String pod, String container, String id) {
    return stdout(tag(namespace, pod, container, id)).build();
  }

  Origin.Builder stdout(String tag) {
    return Origin.builder(context.names(), tag)
        .base(Fragment.builder(context.names()).string("stream", "stdout").build());
  }

  /** A batch with text records of one origin, through the filter. */
  Batch apply(Origin origin, String... logs) {
    try {
      Batch batch = context.batches().open();
      int index = batch.origin(origin);
      for (String log : logs) {
        byte[] bytes = log.getBytes(StandardCharsets.UTF_8);
        batch.add(index, batch.append(bytes, 0, bytes.length), bytes.length, 0, 0);
      }
      filter.apply(batch, 1L << index);
      return batch;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One text record through the filter, as an output would write it. */
  JsonNode one(Origin origin, String log) {
    return json(apply(origin, log), 0);
  }

  /** The labels of the pod that a record of the origin is given now. */
  JsonNode labels(Origin origin) {
    return one(origin, "x").at("/kubernetes/labels");
  }

  JsonNode json(Batch batch, int record) {
    try {
      return JSON.readTree(text(batch, record));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  String text(Batch batch, int record) {
    ByteSink out = ByteSink.growing(256);
    out.put((byte) '{');
    new RecordWriter(context.names()).write(batch, record, true, out);
    out.put((byte) '}');
    return new String(out.toByteArray(), StandardCharsets.UTF_8);
  }

  boolean isComplete(Origin origin) {
    return (apply(origin, "x").flags(0) & Batch.INCOMPLETE) == 0;
  }

  @Override
  public void close() {
    filter.close();
  }
}
