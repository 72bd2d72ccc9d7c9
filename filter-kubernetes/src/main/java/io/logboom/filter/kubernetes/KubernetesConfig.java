package io.logboom.filter.kubernetes;

import io.logboom.api.config.ByteSize;
import io.logboom.api.config.Option;
import io.logboom.api.config.Options;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The configuration of the {@code kubernetes} filter. */
public record KubernetesConfig(
    @Options(text = "Where metadata comes from") Server server,
    @Options(text = "TLS towards the API server or the kubelet", prefix = "tls.") Tls tls,
    @Options(text = "The kubelet instead of the API server") Kubelet kubelet,
    @Options(text = "Which container a record is from") Naming naming,
    @Options(text = "What is added") Metadata metadata,
    @Options(text = "How long metadata is kept and waited for") Keeping keeping,
    @Options(text = "Merging JSON logs") Merge merge,
    @Options(text = "What pods may ask for by annotation", prefix = "k8s-logging.") Logging logging,
    @Options(text = "Accepted for compatibility") Compatibility compatibility) {

  /** Where metadata comes from. */
  public record Server(
      @Option(
              text =
                  "The API server's URL. Without it the service that every pod is told of is asked, else"
                      + " https://kubernetes.default.svc; where KUBECONFIG names a file and there is no"
                      + " token file, what that file says.")
          @Nullable String kubeUrl,
      @Option(
              text = "File with the certificates of the authorities that are trusted, in PEM.",
              preset = "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt")
          Path kubeCaFile,
      @Option(text = "Directory with more of such files, ending in .crt or .pem.")
          @Nullable Path kubeCaPath,
      @Option(
              text =
                  "File with the bearer token. It is read again after kube_token_ttl, and at once when"
                      + " the server refuses the token.",
              preset = "/var/run/secrets/kubernetes.io/serviceaccount/token")
          Path kubeTokenFile,
      @Option(text = "Shell command that prints the bearer token, in place of the file.")
          @Nullable String kubeTokenCommand,
      @Option(text = "How long a token is used until it is read again.", preset = "10m", min = "1s")
          Duration kubeTokenTtl,
      @Option(
              text =
                  "The node whose pods are listed once and then watched. Without it NODE_NAME in the"
                      + " environment counts; without both, pods are looked up one by one until the first"
                      + " answer tells the node's name.")
          @Nullable String nodeName) {}

  /** TLS options. */
  public record Tls(
      @Option(text = "Whether the server's certificate is verified.", preset = "on") boolean verify,
      @Option(text = "Whether the certificate must be for the host that is called.", preset = "on")
          boolean verifyHostname,
      @Option(text = "The host name sent in the TLS handshake, in place of the URL's.")
          @Nullable String vhost,
      @Option(text = "Accepted without effect.", preset = "0") int debug) {}

  /** The kubelet as the source. */
  public record Kubelet(
      @Option(
              text =
                  "Asks the node's kubelet for its pods, each minute and when an unknown pod shows up,"
                      + " in place of the API server.",
              preset = "off")
          boolean useKubelet,
      @Option(text = "The kubelet's host.", preset = "127.0.0.1") String kubeletHost,
      @Option(text = "The kubelet's port.", preset = "10250", min = "1", max = "65535")
          int kubeletPort) {}

  /** Which container a record is from. */
  public record Naming(
      @Option(
              text =
                  "What a tag starts with before the name of the container's log file. A tag that starts"
                      + " otherwise is not read; the file's own name is.",
              preset = "kube.var.log.containers.")
          String kubeTagPrefix,
      @Option(
              text =
                  "A parser of the configuration that reads the tag behind the prefix, in place of the"
                      + " built-in pattern. Its members pod_name, namespace_name, container_name, docker_id"
                      + " and container_hash count.",
              refers = Option.Refers.PARSER)
          @Nullable String regexParser,
      @Option(
              text =
                  "File with the namespace of the agent's own pod, which is looked up where no node is"
                      + " configured, to learn it. POD_NAMESPACE in the environment counts before it.",
              preset = "/var/run/secrets/kubernetes.io/serviceaccount/namespace")
          Path kubeNamespaceFile,
      @Option(
              text =
                  "Which pod records are from that came over the network. checked: the pod that the tag"
                      + " names, as NAMESPACE_POD_UID.CONTAINER or as a log file, unless the sender's"
                      + " address is another pod's; where the tag names none, the pod that has the"
                      + " address. address: the pod that has the address, and no other. tag: the pod that"
                      + " the tag names, whoever sends; the address counts where it names none.",
              preset = "checked")
          SenderIdentity senderIdentity,
      @Option(text = "Not supported: records of the systemd journal.", preset = "off")
          boolean useJournal,
      @Option(text = "Adds only what the tag tells and asks no server.", preset = "off")
          boolean useTagForMeta) {}

  /** What tells which pod a sender is. */
  public enum SenderIdentity {
    CHECKED,
    ADDRESS,
    TAG
  }

  /** What is added. */
  public record Metadata(
      @Option(text = "Whether the pod's labels are added.", preset = "on") boolean labels,
      @Option(text = "Whether the pod's annotations are added.", preset = "on") boolean annotations,
      @Option(text = "Whether the pod's owner references are added.", preset = "off")
          boolean ownerReferences,
      @Option(
              text = "Whether the namespace's labels are added, under kubernetes_namespace.",
              preset = "off")
          boolean namespaceLabels,
      @Option(
              text = "Whether the namespace's annotations are added, under kubernetes_namespace.",
              preset = "off")
          boolean namespaceAnnotations,
      @Option(text = "Adds kubernetes_namespace only, and looks up no pod.", preset = "off")
          boolean namespaceMetadataOnly) {
    boolean namespaces() {
      return namespaceLabels || namespaceAnnotations;
    }
  }

  /** How long metadata is kept and waited for. */
  public record Keeping(
      @Option(
              text =
                  "How long, at most and in all, records wait at the start until the first metadata is in."
                      + " Later a new pod is waited for at most 2 s; what is not known by then goes on with"
                      + " what the path tells, and is counted.",
              preset = "10s",
              min = "0s",
              max = "10m")
          Duration kubeMetaWait,
      @Option(
              text =
                  "How old a pod that was looked up alone may get before it is looked up again; 0 means 5"
                      + " minutes. Watched pods are always up to date.",
              preset = "0",
              max = "24h")
          Duration kubeMetaCacheTtl,
      @Option(
              text = "How old a namespace may get before it is looked up again.",
              preset = "15m",
              min = "1s",
              max = "24h")
          Duration kubeMetaNamespaceCacheTtl) {}

  /** Merging JSON logs. */
  public record Merge(
      @Option(
              text = "Whether a log that is one JSON object becomes members of the record.",
              preset = "off")
          boolean mergeLog,
      @Option(text = "The member under which they are put, in place of the record itself.")
          @Nullable String mergeLogKey,
      @Option(text = "Whether line breaks at the end of merged strings are cut off.", preset = "on")
          boolean mergeLogTrim,
      @Option(
              text = "A parser of the configuration that reads the log, in place of JSON.",
              refers = Option.Refers.PARSER)
          @Nullable String mergeParser,
      @Option(text = "Whether the log is also kept as it was when it was merged.", preset = "on")
          boolean keepLog) {}

  /** What pods may ask for. */
  public record Logging(
      @Option(
              text =
                  "Whether a pod's annotation fluentbit.io/parser chooses the parser of its log; needs"
                      + " merge_log.",
              preset = "off")
          boolean parser,
      @Option(
              text = "Whether a pod's annotation fluentbit.io/exclude takes its log out.",
              preset = "off")
          boolean exclude) {}

  /** Options without effect here. */
  public record Compatibility(
      @Option(
              text = "Accepted without effect: answers of any size are read.",
              preset = "32k",
              unit = Option.Unit.DEFAULT)
          ByteSize bufferSize,
      @Option(text = "Not supported: metadata files read at the start.")
          @Nullable Path kubeMetaPreloadCacheDir,
      @Option(text = "Accepted without effect: containers are always told apart.", preset = "off")
          boolean cacheUseDockerId,
      @Option(
              text = "Accepted without effect: requests are repeated until they succeed.",
              preset = "6")
          int dnsRetries,
      @Option(
              text = "Accepted without effect: requests are repeated until they succeed.",
              preset = "30s")
          Duration dnsWaitTime,
      @Option(text = "Not supported: made-up metadata.", preset = "off") boolean dummyMeta,
      @Option(
              text = "Not supported: the pod association of Amazon CloudWatch.",
              preset = "off",
              aliases = "use_pod_association")
          boolean awsUsePodAssociation) {}
}
