package io.logboom.filter.kubernetes;

import io.logboom.api.batch.Batch;
import io.logboom.api.meter.Counter;
import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Filter;
import io.logboom.api.plugin.Parser;
import io.logboom.api.plugin.StartException;
import io.logboom.filter.kubernetes.Lineage.Stream;
import java.util.Arrays;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The filter. What it adds it adds to origins; records are looked at one by one only to merge their
 * logs, to take them out, or to flag them.
 */
final class Kubernetes implements Filter {
  private final KubernetesConfig config;
  private final Knowledge knowledge;
  private final Lineages known;
  private final MergeLog merger;
  private final @Nullable Parser mergeParser;
  private final Lineage[] lineages = new Lineage[Batch.MAX_ORIGINS];
  private final Counter incomplete;
  private final Counter unnamed;
  private final Counter merged;
  private final Counter notMerged;
  private final Counter excluded;
  private final long streamName;

  private Kubernetes(
      KubernetesConfig config,
      Context context,
      Knowledge knowledge,
      Lineages known,
      @Nullable Parser mergeParser) {
    this.config = config;
    this.knowledge = knowledge;
    this.known = known;
    this.mergeParser = mergeParser;
    this.merger = new MergeLog(config.merge(), context.names());
    this.incomplete = context.meters().counter(KubernetesMeter.INCOMPLETE);
    this.unnamed = context.meters().counter(KubernetesMeter.UNNAMED);
    this.merged = context.meters().counter(KubernetesMeter.MERGED);
    this.notMerged = context.meters().counter(KubernetesMeter.NOT_MERGED);
    this.excluded = context.meters().counter(KubernetesMeter.EXCLUDED);
    this.streamName = context.names().of("stream");
  }

  static Kubernetes create(
      KubernetesConfig config, Context context, UnaryOperator<@Nullable String> environment)
      throws StartException {
    LongSupplier nanos = System::nanoTime;
    Parser mergeParser = parser(context, "merge_parser", config.merge().mergeParser());
    Parser tagParser = parser(context, "regex_parser", config.naming().regexParser());
    LogNames logNames = new LogNames(config.naming().kubeTagPrefix(), tagParser);
    Knowledge knowledge = Sources.open(config, context.meters(), environment, nanos);
    Lineages known = new Lineages(config, context, knowledge, logNames, nanos);
    return new Kubernetes(config, context, knowledge, known, mergeParser);
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
      Lineage lineage = known.of(batch.origin(i));
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
}
