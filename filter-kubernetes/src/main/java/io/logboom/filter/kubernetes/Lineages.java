package io.logboom.filter.kubernetes;

import io.logboom.api.batch.Fragment;
import io.logboom.api.batch.Origin;
import io.logboom.api.meter.Counter;
import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Parser;
import io.logboom.filter.kubernetes.Feed.Hope;
import io.logboom.filter.kubernetes.Lineage.Stream;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What is known of each origin: finds its pod, waits for it where it may be known in a moment, and
 * encodes what is added. Serves one thread.
 */
final class Lineages {
  private static final Logger LOG = LoggerFactory.getLogger(Kubernetes.class);
  private static final long ASK_AGAIN_NANOS = 1_000_000_000L;

  private final KubernetesConfig config;
  private final Context context;
  private final Knowledge knowledge;
  private final LogNames logNames;
  private final Senders senders;
  private final MetadataEncoder encoder;
  private final Patience patience;
  private final LongSupplier nanos;
  private final long refreshNanos;
  private final Function<Origin, Lineage> remember = this::remember;
  private final Complaints unnamedComplaints;
  private final Complaints directiveComplaints;
  private final Counter waited;

  Lineages(
      KubernetesConfig config,
      Context context,
      Knowledge knowledge,
      LogNames logNames,
      LongSupplier nanos) {
    this.config = config;
    this.context = context;
    this.knowledge = knowledge;
    this.logNames = logNames;
    this.nanos = nanos;
    this.senders =
        new Senders(config.naming().senderIdentity(), knowledge, context.meters(), LOG, nanos);
    this.encoder = new MetadataEncoder(context.names(), config.metadata());
    this.patience = new Patience(config.keeping().kubeMetaWait().toNanos(), nanos.getAsLong());
    this.unnamedComplaints = new Complaints(LOG, nanos);
    this.directiveComplaints = new Complaints(LOG, nanos);
    this.waited = context.meters().counter(KubernetesMeter.WAITED);
    long ttl = config.keeping().kubeMetaCacheTtl().toNanos();
    this.refreshNanos = ttl == 0 ? 300_000_000_000L : ttl;
  }

  /** What is known of the origin by now. */
  Lineage of(Origin origin) {
    Lineage lineage = origin.memo(this, remember);
    prepare(lineage, origin);
    return lineage;
  }

  private Lineage remember(Origin origin) {
    LogName log = logNames.of(origin);
    String source = origin.source();
    boolean local = source.startsWith("/");
    byte[] base = origin.base().json();
    Lineage lineage =
        new Lineage(
            log,
            origin.sender(),
            local,
            origin.text().name().equals("log"),
            Stream.in(base, 0, base.length));
    if (log == null && lineage.sender == null) {
      unnamedComplaints.say(
          Level.WARN,
          "Neither the tag nor the path of "
              + origin
              + " names a container; check kube_tag_prefix");
    } else if (log != null && log.uid() == null && local && knowledge.looksForPods()) {
      lineage.linking = true;
      Thread.ofVirtual().name("kubernetes-link").start(() -> link(lineage, log, source));
    }
    return lineage;
  }

  private void link(Lineage lineage, LogName log, String source) {
    try {
      lineage.log = log.withUid(LogNames.linkedUid(log, source));
    } finally {
      lineage.linking = false;
      knowledge.store().signal();
    }
  }

  /** Brings the origin's fragment up to date. */
  private void prepare(Lineage lineage, Origin origin) {
    if (lineage.log == null && lineage.sender == null) {
      return;
    }
    long version = knowledge.store().version();
    long now = nanos.getAsLong();
    boolean due = lineage.encoded && now - lineage.askAgainAt >= 0;
    if (lineage.seen == version && !due) {
      return;
    }
    Hope hope = resolve(lineage, version, now);
    if (hope != Hope.NONE && !lineage.waited) {
      await(lineage, hope, now);
      if (lineage.sender != null && !lineage.known) {
        lineage.gaveUp = true;
        resolve(lineage, knowledge.store().version(), nanos.getAsLong());
      }
    }
    encode(lineage, origin);
    if (lineage.log == null && !lineage.told) {
      lineage.told = true;
      unnamedComplaints.say(
          Level.WARN,
          "No pod is known for "
              + origin
              + ": its tag names none that counts, and none of this node has the sender's address");
    }
  }

  /** Looks at what is known by now, and asks for what is not. */
  private Hope resolve(Lineage lineage, long version, long now) {
    lineage.seen = version;
    Hope hope = lineage.linking ? Hope.SOON : Hope.NONE;
    boolean settled = false;
    if (lineage.sender != null && knowledge.looksForPods()) {
      hope = senders.identify(lineage, lineage.sender);
      settled = hope != Hope.NONE || lineage.known;
      lineage.askAgainAt = now + (lineage.known ? refreshNanos : ASK_AGAIN_NANOS);
    }
    LogName log = lineage.log;
    if (log == null) {
      return hope;
    }
    if (knowledge.looksForPods() && !settled) {
      Pod pod = knowledge.store().find(log);
      if (pod != null) {
        if (lineage.encoded
            && now - lineage.askAgainAt >= 0
            && knowledge.agesUnwatched(pod)
            && lineage.pod != null) {
          knowledge.refresh(log, lineage.local);
        }
        lineage.pod = pod;
        lineage.askAgainAt = now + refreshNanos;
      } else if (lineage.pod != null && !lineage.pod.isProvenBy(log)) {
        // It was a pod of the same name; by now more is known.
        lineage.pod = null;
      }
      if (lineage.pod == null && !lineage.linking) {
        hope = knowledge.missing(log, lineage.local);
        lineage.askAgainAt = now + ASK_AGAIN_NANOS;
      }
    }
    if (knowledge.looksForNamespaces()) {
      Namespace namespace = knowledge.namespace(log.namespace());
      if (namespace != null) {
        lineage.namespace = namespace;
      } else if (hope == Hope.NONE) {
        hope = knowledge.missingNamespace(log.namespace());
      }
      lineage.askAgainAt = now + ASK_AGAIN_NANOS;
    }
    return hope;
  }

  /** Waits for what may be known in a moment, once for each origin. */
  private void await(Lineage lineage, Hope first, long begun) {
    lineage.waited = true;
    Hope hope = first;
    long now = begun;
    long end = now + patience.nanos(hope, now);
    try {
      while (hope != Hope.NONE && end - now > 0) {
        knowledge.store().await(lineage.seen, end - now);
        long next = nanos.getAsLong();
        patience.spent(hope, next - now);
        waited.add((next - now) / 1_000_000);
        now = next;
        Hope then = resolve(lineage, knowledge.store().version(), now);
        if (then != hope) {
          end = now + patience.nanos(then, now);
        }
        hope = then;
      }
    } catch (InterruptedException e) {
      // The agent stops: what is known now is what is written.
      Thread.currentThread().interrupt();
    }
  }

  private void encode(Lineage lineage, Origin origin) {
    LogName log = lineage.log;
    if (log == null) {
      return;
    }
    Pod pod = lineage.pod;
    boolean podMissing = pod == null && knowledge.looksForPods();
    boolean namespaceMissing = lineage.namespace == null && knowledge.looksForNamespaces();
    lineage.incomplete = podMissing || namespaceMissing;
    EncodedState wanted =
        new EncodedState(log, pod, lineage.namespace, podMissing ? knowledge.node() : null);
    if (lineage.encoded && wanted.equals(lineage.state)) {
      return;
    }
    boolean present = lineage.sender != null;
    Fragment fragment = Fragment.EMPTY;
    if (!config.metadata().namespaceMetadataOnly()) {
      fragment = encoder.pod(log, pod, wanted.node(), present);
    }
    if (lineage.namespace != null) {
      fragment = fragment.and(encoder.namespace(lineage.namespace));
    }
    lineage.fragment = fragment;
    lineage.state = wanted;
    lineage.encoded = true;
    direct(lineage, pod, log, origin);
  }

  private void direct(Lineage lineage, @Nullable Pod pod, LogName log, Origin origin) {
    if (pod == null || pod.directives().isEmpty()) {
      lineage.directives = Directives.NONE;
      lineage.stdoutParser = null;
      lineage.stderrParser = null;
      lineage.agreedParser = null;
      return;
    }
    Directives all = Directives.of(pod.directives(), log.container());
    boolean parser = config.logging().parser();
    boolean exclude = config.logging().exclude();
    for (String key : all.unknown()) {
      complain("The annotation " + key + " of the pod of " + origin + " means nothing");
    }
    if (all.parses() && !parser) {
      complain("A pod asks for a parser, but k8s-logging.parser is off: " + origin);
    }
    if (all.excludes() && !exclude) {
      complain("A pod asks to be excluded, but k8s-logging.exclude is off: " + origin);
    }
    lineage.stdoutParser = parser ? find(all.stdoutParser(), origin) : null;
    boolean agreed = Objects.equals(all.stdoutParser(), all.stderrParser());
    lineage.agreedParser = agreed ? lineage.stdoutParser : null;
    lineage.stderrParser =
        agreed ? lineage.stdoutParser : parser ? find(all.stderrParser(), origin) : null;
    lineage.directives = exclude ? all : Directives.NONE;
  }

  private @Nullable Parser find(@Nullable String name, Origin origin) {
    if (name == null) {
      return null;
    }
    Parser found = context.parsers().find(name);
    if (found == null) {
      complain("A pod asks for the parser '" + name + "', which is not defined: " + origin);
    }
    return found;
  }

  private void complain(String what) {
    directiveComplaints.say(Level.WARN, what);
  }
}
