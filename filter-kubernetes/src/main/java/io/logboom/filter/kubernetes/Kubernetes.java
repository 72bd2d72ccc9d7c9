package io.logboom.filter.kubernetes;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Fragment;
import io.logboom.api.batch.Origin;
import io.logboom.api.meter.Counter;
import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Filter;
import io.logboom.api.plugin.Parser;
import io.logboom.api.plugin.StartException;
import io.logboom.filter.kubernetes.Feed.Hope;
import io.logboom.filter.kubernetes.Lineage.Stream;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The filter. What it adds it adds to origins; records are looked at one by one only to merge their
 * logs, to take them out, or to flag them.
 */
final class Kubernetes implements Filter {
  private static final Logger LOG = LoggerFactory.getLogger(Kubernetes.class);
  private static final long ASK_AGAIN_NANOS = 1_000_000_000L;

  private final KubernetesConfig config;
  private final Context context;
  private final Knowledge knowledge;
  private final LogNames logNames;
  private final MetadataEncoder encoder;
  private final MergeLog merger;
  private final @Nullable Parser mergeParser;
  private final Patience patience;
  private final LongSupplier nanos;
  private final long refreshNanos;
  private final Function<Origin, Lineage> remember = this::remember;
  private final Lineage[] lineages = new Lineage[Batch.MAX_ORIGINS];
  private final Complaints unnamedComplaints;
  private final Complaints directiveComplaints;
  private final Counter incomplete;
  private final Counter unnamed;
  private final Counter merged;
  private final Counter notMerged;
  private final Counter excluded;
  private final Counter waited;
  private final long streamName;

  private Kubernetes(
      KubernetesConfig config,
      Context context,
      Knowledge knowledge,
      LogNames logNames,
      @Nullable Parser mergeParser,
      LongSupplier nanos) {
    this.config = config;
    this.context = context;
    this.knowledge = knowledge;
    this.logNames = logNames;
    this.mergeParser = mergeParser;
    this.nanos = nanos;
    this.encoder = new MetadataEncoder(context.names(), config.metadata());
    this.merger = new MergeLog(config.merge(), context.names());
    this.patience = new Patience(config.keeping().kubeMetaWait().toNanos(), nanos.getAsLong());
    this.unnamedComplaints = new Complaints(LOG, nanos);
    this.directiveComplaints = new Complaints(LOG, nanos);
    this.incomplete = context.meters().counter(KubernetesMeter.INCOMPLETE);
    this.unnamed = context.meters().counter(KubernetesMeter.UNNAMED);
    this.merged = context.meters().counter(KubernetesMeter.MERGED);
    this.notMerged = context.meters().counter(KubernetesMeter.NOT_MERGED);
    this.excluded = context.meters().counter(KubernetesMeter.EXCLUDED);
    this.waited = context.meters().counter(KubernetesMeter.WAITED);
    this.streamName = context.names().of("stream");
    long ttl = config.keeping().kubeMetaCacheTtl().toNanos();
    this.refreshNanos = ttl == 0 ? 300_000_000_000L : ttl;
  }

  static Kubernetes create(
      KubernetesConfig config, Context context, UnaryOperator<@Nullable String> environment)
      throws StartException {
    LongSupplier nanos = System::nanoTime;
    Parser mergeParser = parser(context, "merge_parser", config.merge().mergeParser());
    Parser tagParser = parser(context, "regex_parser", config.naming().regexParser());
    LogNames logNames = new LogNames(config.naming().kubeTagPrefix(), tagParser);
    Knowledge knowledge = Sources.open(config, context.meters(), environment, nanos);
    return new Kubernetes(config, context, knowledge, logNames, mergeParser, nanos);
  }

  private static @Nullable Parser parser(Context context, String option, @Nullable String name)
      throws StartException {
    if (name == null) {
      return null;
    }
    Parser parser = context.parsers().find(name);
    if (parser == null) {
      throw new StartException(
          option + ": there is no parser '" + name + "'; define it under parsers");
    }
    return parser;
  }

  @Override
  public void start() {
    knowledge.start();
  }

  @Override
  public void close() {
    knowledge.close();
  }

  @Override
  public void apply(Batch batch, long origins) {
    boolean merges = config.merge().mergeLog();
    boolean each = merges;
    Arrays.fill(lineages, null);
    for (long left = origins; left != 0; left &= left - 1) {
      int i = Long.numberOfTrailingZeros(left);
      if (i >= batch.origins()) {
        break;
      }
      Lineage lineage = batch.origin(i).memo(this, remember);
      prepare(lineage, batch.origin(i));
      lineages[i] = lineage;
      if (!lineage.fragment.isEmpty()) {
        batch.enrich(i, lineage.fragment);
      }
      each |= lineage.incomplete || lineage.log == null || lineage.directives.excludes();
    }
    if (each) {
      records(batch, merges);
    }
  }

  private void records(Batch batch, boolean merges) {
    long ok = 0;
    long bad = 0;
    for (int r = 0, n = batch.size(); r < n; r++) {
      Lineage lineage = lineages[batch.originIndex(r)];
      if (lineage == null || batch.isDropped(r)) {
        continue;
      }
      if (lineage.directives.excludes() && excludes(lineage, batch, r)) {
        batch.drop(r);
        excluded.add(1);
        continue;
      }
      if (lineage.log == null) {
        unnamed.add(1);
      } else if (lineage.incomplete) {
        batch.addFlags(r, Batch.INCOMPLETE);
        incomplete.add(1);
      }
      if (merges) {
        if (merger.merge(batch, r, lineage.textIsLog, parserOf(lineage, batch, r))) {
          ok++;
        } else {
          bad++;
        }
      }
    }
    if (ok != 0) {
      merged.add(ok);
    }
    if (bad != 0) {
      notMerged.add(bad);
    }
  }

  // ---- what pods ask for
  // -------------------------------------------------------------------------------------------------

  private boolean excludes(Lineage lineage, Batch batch, int record) {
    Directives d = lineage.directives;
    return switch (stream(lineage, batch, record)) {
      case STDOUT -> d.stdoutExcluded();
      case STDERR -> d.stderrExcluded();
      case UNKNOWN -> d.stdoutExcluded() && d.stderrExcluded();
    };
  }

  private @Nullable Parser parserOf(Lineage lineage, Batch batch, int record) {
    if (lineage.stdoutParser == null && lineage.stderrParser == null) {
      return mergeParser;
    }
    Parser parser =
        switch (stream(lineage, batch, record)) {
          case STDOUT -> lineage.stdoutParser;
          case STDERR -> lineage.stderrParser;
          case UNKNOWN -> lineage.agreedParser;
        };
    return parser == null ? mergeParser : parser;
  }

  private Stream stream(Lineage lineage, Batch batch, int record) {
    return lineage.stream != Stream.UNKNOWN || (batch.names(record) & streamName) == 0
        ? lineage.stream
        : Stream.in(
            batch.bytes(),
            batch.offset(record) + 1,
            batch.offset(record) + batch.length(record) - 1);
  }

  // ---- what is known of an origin
  // ----------------------------------------------------------------------------------------

  private Lineage remember(Origin origin) {
    LogName log = logNames.of(origin);
    String source = origin.source();
    boolean local = source.startsWith("/");
    byte[] base = origin.base().json();
    Lineage lineage =
        new Lineage(
            log, local, origin.text().name().equals("log"), Stream.in(base, 0, base.length));
    if (log == null) {
      unnamedComplaints.say(
          Level.WARN,
          "Neither the tag nor the path of "
              + origin
              + " names a container; check kube_tag_prefix");
    } else if (log.uid() == null && local && knowledge.looksForPods()) {
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
    LogName log = lineage.log;
    if (log == null) {
      return;
    }
    long version = knowledge.store().version();
    long now = nanos.getAsLong();
    boolean due = now - lineage.askAgainAt >= 0 && lineage.encoded;
    if (lineage.seen == version && !due) {
      return;
    }
    Hope hope = resolve(lineage, version, now);
    if (hope != Hope.NONE && !lineage.waited) {
      await(lineage, hope, now);
    }
    encode(lineage, origin);
  }

  /** Looks at what is known by now, and asks for what is not. */
  private Hope resolve(Lineage lineage, long version, long now) {
    lineage.seen = version;
    LogName log = lineage.log;
    if (log == null) {
      return Hope.NONE;
    }
    Hope hope = lineage.linking ? Hope.SOON : Hope.NONE;
    if (knowledge.looksForPods()) {
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
    Fragment fragment = Fragment.EMPTY;
    if (!config.metadata().namespaceMetadataOnly()) {
      fragment = encoder.pod(log, pod, wanted.node());
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
