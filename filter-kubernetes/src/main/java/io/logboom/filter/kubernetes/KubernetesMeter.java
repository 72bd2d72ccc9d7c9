package io.logboom.filter.kubernetes;

import io.logboom.api.meter.MeterId;

/** The filter's meters. */
enum KubernetesMeter implements MeterId {
  API_REQUESTS(
      "kubernetes_api",
      Kind.COUNTER,
      "requests",
      "Requests to the Kubernetes API or the kubelet, by verb and status code; code 0 means no answer."),
  WATCH_RESTARTS(
      "kubernetes_watch_restarts",
      Kind.COUNTER,
      "",
      "Watches that ended other than at their time-out and were begun again."),
  RELISTS(
      "kubernetes_lists", Kind.COUNTER, "", "Complete lists of the node's pods that were read."),
  PODS("kubernetes_pods", Kind.GAUGE, "", "Pods whose metadata is known, deleted ones included."),
  PODS_BYTES(
      "kubernetes_pods_memory", Kind.GAUGE, "bytes", "About the memory that known pods take."),
  INCOMPLETE(
      "kubernetes_incomplete",
      Kind.COUNTER,
      "records",
      "Records that went on with only what their path tells, because their pod was not known in time."),
  UNNAMED(
      "kubernetes_unnamed",
      Kind.COUNTER,
      "records",
      "Records whose tag and path name no container, and whose sender is no pod that is known; they pass unchanged."),
  CLAIMS_REFUSED(
      "kubernetes_claims_refused",
      Kind.COUNTER,
      "",
      "Senders whose tag named another pod than the one that has their address; the address counted."),
  MERGED("kubernetes_merged", Kind.COUNTER, "records", "Records whose log was merged."),
  NOT_MERGED(
      "kubernetes_not_merged",
      Kind.COUNTER,
      "records",
      "Records whose log was no JSON object, or that its parser did not take."),
  EXCLUDED(
      "kubernetes_excluded",
      Kind.COUNTER,
      "records",
      "Records taken out because an annotation of their pod says so."),
  WAITED(
      "kubernetes_waited",
      Kind.COUNTER,
      "milliseconds",
      "Time for which records waited until their pod was known.");

  private final String metric;
  private final Kind kind;
  private final String unit;
  private final String text;

  KubernetesMeter(String metric, Kind kind, String unit, String text) {
    this.metric = metric;
    this.kind = kind;
    this.unit = unit;
    this.text = text;
  }

  @Override
  public String metric() {
    return metric;
  }

  @Override
  public Kind kind() {
    return kind;
  }

  @Override
  public String unit() {
    return unit;
  }

  @Override
  public String text() {
    return text;
  }
}
