package io.logboom.filter.kubernetes;

import io.logboom.core.config.Binder;
import io.logboom.testkit.TestMeters;
import io.logboom.testkit.kubernetes.FakeKubernetes;
import java.nio.file.Path;

/** A kubelet's feed against a fake over plain HTTP, which real kubelets do not speak. */
final class KubeletRig implements AutoCloseable {
  private final PodStore store = new PodStore(System::nanoTime, 100, 1 << 20);
  private final ApiClient client;
  private final KubeletFeed feed;

  KubeletRig(Path state, FakeKubernetes api) {
    KubernetesConfig config = Binder.bind(KubernetesConfig.class);
    Credentials none = new Credentials(null, null, Long.MAX_VALUE, System::nanoTime);
    ApiServer server =
        new ApiServer(
            api.url(), config.tls(), state.resolve("ca"), null, none, null, System::nanoTime);
    TestMeters meters = new TestMeters();
    PodReader reader = new PodReader(config.metadata());
    client = new ApiClient(server, meters, reader);
    feed = new KubeletFeed(client, reader, store, meters, System::nanoTime);
    feed.start();
  }

  /** A label; empty where it is not known after the waiting that the filter would do. */
  String label(String pod, String key) throws Exception {
    LogName log = new LogName("shop", pod, "uid-" + pod, "c", "", null);
    long end = System.nanoTime() + 1_000_000_000L;
    long seen = store.version();
    Pod found = store.find(log);
    while (found == null && end - System.nanoTime() > 0) {
      feed.missing(log, true);
      store.await(seen, end - System.nanoTime());
      seen = store.version();
      found = store.find(log);
    }
    return found == null || found.labels() == null
        ? ""
        : Rig.JSON.readTree(found.labels()).path(key).asText();
  }

  @Override
  public void close() {
    feed.close();
    client.close();
  }
}
