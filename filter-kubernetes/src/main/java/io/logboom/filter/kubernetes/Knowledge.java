package io.logboom.filter.kubernetes;

import io.logboom.api.meter.Meters;
import io.logboom.filter.kubernetes.Feed.Hope;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is known of pods and namespaces, and the feeds that bring it: the node's watch where the
 * node is known, look-ups where it is not, the kubelet where that is wanted.
 *
 * <p>Without a configured node the agent's own pod, or the first one that is looked up for a file
 * of this node, tells the node's name; from then on its pods are watched, and look-ups are for what
 * the watch does not show.
 */
final class Knowledge implements AutoCloseable {
  private static final int MOST_PODS = 4096;
  private static final long MOST_BYTES = 16L << 20;
  private static final long FIRST_LIST_NANOS = 5_000_000_000L;

  /** How pods are found. */
  enum Way {
    /** The node's pods are listed and watched. */
    NODE,
    /** Pods are looked up until the node is known. */
    LOOKUP,
    /** The kubelet is asked. */
    KUBELET,
    /** No pod is looked for. */
    NONE
  }

  private final Way way;
  private final ApiClient api;
  private final PodReader reader;
  private final Meters meters;
  private final LongSupplier nanos;
  private final @Nullable LogName own;
  private final PodStore store;
  private final @Nullable Namespaces namespaces;
  private final LookupFeed lookups;
  private final @Nullable KubeletFeed kubelet;
  private volatile @Nullable NodeFeed node;
  private boolean closed;

  /**
   * @param own the agent's own pod, to find its node by; null where it is not known
   */
  Knowledge(
      Way way,
      @Nullable String nodeName,
      @Nullable LogName own,
      KubernetesConfig config,
      ApiClient api,
      PodReader reader,
      Meters meters,
      LongSupplier nanos) {
    this.way = way;
    this.own = own;
    this.api = api;
    this.reader = reader;
    this.meters = meters;
    this.nanos = nanos;
    this.store = new PodStore(nanos, MOST_PODS, MOST_BYTES);
    this.lookups = new LookupFeed(api, reader, store, nanos, this::found);
    this.namespaces =
        config.metadata().namespaces() && !config.naming().useTagForMeta()
            ? new Namespaces(
                api, reader, store, config.keeping().kubeMetaNamespaceCacheTtl().toNanos(), nanos)
            : null;
    this.kubelet = way == Way.KUBELET ? new KubeletFeed(api, reader, store, meters, nanos) : null;
    this.node =
        way == Way.NODE && nodeName != null
            ? new NodeFeed(nodeName, api, reader, store, meters, nanos)
            : null;
    meters.gauge(KubernetesMeter.PODS, store::size);
    meters.gauge(KubernetesMeter.PODS_BYTES, store::bytes);
  }

  void start() {
    if (way == Way.NODE || way == Way.LOOKUP) {
      lookups.start();
    }
    if (way == Way.LOOKUP && own != null) {
      lookups.missing(own, true);
    }
    NodeFeed feed = node;
    if (feed != null) {
      feed.start();
    }
    if (kubelet != null) {
      kubelet.start();
    }
    if (namespaces != null) {
      namespaces.start();
    }
  }

  PodStore store() {
    return store;
  }

  boolean looksForPods() {
    return way != Way.NONE;
  }

  boolean looksForNamespaces() {
    return namespaces != null;
  }

  @Nullable Namespace namespace(String name) {
    return namespaces == null ? null : namespaces.find(name);
  }

  Hope missingNamespace(String name) {
    return namespaces == null ? Hope.NONE : namespaces.missing(name);
  }

  /** The node's name; null where it is not known (yet). */
  @Nullable String node() {
    NodeFeed feed = node;
    return feed == null ? null : feed.node();
  }

  /** What may be hoped for of a pod that the store does not have; has it looked up where of use. */
  Hope missing(LogName log, boolean local) {
    if (kubelet != null) {
      return kubelet.missing(log, local);
    }
    NodeFeed feed = node;
    if (feed == null || !local || feed.isRefused() || feed.isEmpty()) {
      return lookups.missing(log, local);
    }
    return way == Way.LOOKUP && feed.isSynced()
        ? lookups.missing(log, local)
        : feed.missing(log, local);
  }

  boolean asksKubelet() {
    return kubelet != null;
  }

  /**
   * What may be hoped for of a sender's address that is no pod's yet.
   *
   * @param strange whether it was asked for in vain before
   */
  Hope missing(boolean strange) {
    if (kubelet != null) {
      return strange ? Hope.NONE : kubelet.askAgain();
    }
    NodeFeed feed = node;
    if (feed != null) {
      return !feed.isSynced()
          ? feed.isRefused() ? Hope.NONE : Hope.UNHEARD
          : store.expectsAddresses() ? Hope.SOON : Hope.NONE;
    }
    LogName self = own;
    if (way != Way.LOOKUP || self == null) {
      return Hope.NONE;
    }
    return store.find(self) != null ? Hope.UNHEARD : lookups.missing(self, true);
  }

  /** Whether the pod is one whose changes nobody tells, so that it must be looked up again. */
  boolean agesUnwatched(Pod pod) {
    NodeFeed feed = node;
    return kubelet == null
        && (feed == null
            || feed.isRefused()
            || !feed.isSynced()
            || !feed.node().equals(pod.node()));
  }

  void refresh(LogName log, boolean local) {
    lookups.refresh(log, local);
  }

  private void found(Pod pod, boolean local) throws InterruptedException {
    NodeFeed feed;
    synchronized (this) {
      if (way != Way.LOOKUP || !local || pod.node() == null || node != null || closed) {
        return;
      }
      feed = new NodeFeed(pod.node(), api, reader, store, meters, nanos);
      node = feed;
      feed.start();
    }
    // The list answers most of what else waits to be looked up.
    long end = System.nanoTime() + FIRST_LIST_NANOS;
    while (!feed.isSynced() && !feed.isRefused()) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        return;
      }
      store.await(store.version(), Math.min(left, 100_000_000L));
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    lookups.close();
    NodeFeed feed = node;
    if (feed != null) {
      feed.close();
    }
    if (kubelet != null) {
      kubelet.close();
    }
    if (namespaces != null) {
      namespaces.close();
    }
    api.close();
    meters.remove(KubernetesMeter.PODS);
    meters.remove(KubernetesMeter.PODS_BYTES);
  }
}
