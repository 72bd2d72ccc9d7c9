package io.logboom.output.loki;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Fragment;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import io.logboom.api.json.ByteSink;
import io.logboom.net.body.Arena;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes records as entries of streams. What labels and structured metadata take from an origin and
 * its enrichment is read once for each; only records whose own members they use are looked at one
 * by one. Allocates nothing per record. One instance per thread.
 */
final class LokiEncoder implements AutoCloseable {
  private static final byte[] JOB = "job".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FLUENT_BIT = "fluent-bit".getBytes(StandardCharsets.US_ASCII);
  private static final int MOST_METADATA = 100;
  private static final int MOST_METADATA_BYTES = 48 * 1024;
  private static final int MOST_LABELS = 64;
  private static final int MOST_LABEL_BYTES = 64 * 1024;
  private static final int MOST_LABEL_VALUE = 2048;

  private final Loki output;
  private final boolean protobuf;
  private final Entries entries;
  private final Stream.Table streams;
  private final Lines lines;
  private final Arena line;
  private final Arena whole;
  private final Arena rest;
  private final @Nullable Kubernetes kubernetes;
  private final Source[] labelSources;
  private final Source[] metadataSources;
  private final Pairs labels = new Pairs(MOST_LABELS, MOST_LABEL_BYTES, MOST_LABEL_VALUE);
  private final Pairs metadata = new Pairs(MOST_METADATA, MOST_METADATA_BYTES, MOST_METADATA_BYTES);
  private final ByteSink encodedMetadata = ByteSink.growing(512);
  private final Seconds time = new Seconds();
  private final long keys;
  private final boolean constant;
  private final @Nullable PerOrigin[] perOrigin = new @Nullable PerOrigin[Batch.MAX_ORIGINS];

  /** What is the same for all records of an origin, until its enrichment changes. */
  private static final class PerOrigin {
    @Nullable Fragment of;
    int generation;
    @Nullable Stream stream;
    byte[] metadata = new byte[0];
    int metadataBytes;
    int metadataCount;
    boolean moved;
  }

  LokiEncoder(Loki output, Shape shape, Names names, Entries entries, Arena[] scratch) {
    this.output = output;
    this.protobuf = shape.protobuf();
    this.entries = entries;
    this.streams = new Stream.Table(output.watch());
    this.line = scratch[0];
    this.whole = scratch[1];
    this.rest = scratch[2];
    this.lines = new Lines(shape.line(), shape.drop(), names, whole.sink(), rest.sink());
    this.kubernetes = shape.defaults() ? new Kubernetes(names) : null;
    List<Source.Of> ofLabels = shape.labels(names);
    List<Source.Of> ofMetadata = shape.metadata(names);
    this.labelSources = ofLabels.stream().map(Source.Of::source).toArray(Source[]::new);
    this.metadataSources = ofMetadata.stream().map(Source.Of::source).toArray(Source[]::new);
    long bits = shape.defaults() ? names.of("kubernetes") | names.of("stream") : 0;
    boolean all = true;
    for (List<Source.Of> some : List.of(ofLabels, ofMetadata)) {
      for (Source.Of each : some) {
        for (String key : each.keys()) {
          long bit = names.ofIfRoom(key);
          all &= bit != 0;
          bits |= bit;
        }
      }
    }
    this.keys = bits;
    this.constant = all;
  }

  /** Between requests: forgets streams where there are very many. */
  void trim() {
    streams.trim();
    line.clear();
    whole.clear();
    rest.clear();
  }

  @Override
  public void close() {
    line.close();
    whole.close();
    rest.close();
  }

  /** Looks at a batch whose records follow. */
  void begin(Batch batch) {
    for (int i = 0; i < batch.origins(); i++) {
      perOrigin[i] = batch.origin(i).memo(this, _ -> new PerOrigin());
    }
  }

  /**
   * Adds a record's entry.
   *
   * @throws Arena.FullException where it has no room; the request is of no use then
   */
  void encode(Batch batch, int record, int number) {
    int origin = batch.originIndex(record);
    PerOrigin own = Objects.requireNonNull(perOrigin[origin]);
    Fragment enrichment = batch.enrichment(origin);
    Stream stream;
    if (constant && isOfOrigin(batch, record)) {
      if (own.of != enrichment || own.generation != streams.generation()) {
        boolean moved = read(batch, record);
        own.stream = streams.of(labels);
        own.metadata = encodedMetadata.toByteArray();
        own.metadataBytes = metadata.size();
        own.metadataCount = metadata.count();
        own.moved = moved;
        own.of = enrichment;
        own.generation = streams.generation();
      }
      stream = Objects.requireNonNull(own.stream);
      add(
          batch,
          record,
          number,
          stream,
          own.moved,
          own.metadata,
          own.metadata.length,
          own.metadataBytes,
          own.metadataCount);
      return;
    }
    boolean moved = read(batch, record);
    stream = streams.of(labels);
    add(
        batch,
        record,
        number,
        stream,
        moved,
        encodedMetadata.array(),
        encodedMetadata.position(),
        metadata.size(),
        metadata.count());
  }

  /** Whether none of the members that labels and metadata look at is the record's own. */
  private boolean isOfOrigin(Batch batch, int record) {
    Origin origin = batch.originOf(record);
    long names = batch.isJson(record) ? batch.names(record) : origin.text().names();
    Origin.Key stamp = origin.stamp();
    if (stamp != null) {
      names |= stamp.names();
    }
    Origin.Key offset = origin.offset();
    if (offset != null) {
      names |= offset.names();
    }
    return (names & keys) == 0;
  }

  /** Reads labels and metadata; tells whether Kubernetes metadata is among them. */
  private boolean read(Batch batch, int record) {
    labels.clear();
    metadata.clear();
    boolean moved = kubernetes != null && kubernetes.read(batch, record, labels, metadata);
    for (Source source : labelSources) {
      source.read(batch, record, labels);
    }
    for (Source source : metadataSources) {
      source.read(batch, record, metadata);
    }
    if (labels.count() == 0) {
      labels.add(JOB, FLUENT_BIT, 0, FLUENT_BIT.length);
    }
    labels.sort();
    output.cut(labels.cut() + labels.leftOut());
    output.leftOut(metadata.leftOut() + metadata.cut());
    encodedMetadata.position(0);
    if (protobuf) {
      Protobuf.metadata(metadata, encodedMetadata);
    } else {
      json(metadata, encodedMetadata);
    }
    return moved;
  }

  private static void json(Pairs pairs, ByteSink out) {
    byte[] b = pairs.bytes();
    for (int i = 0; i < pairs.count(); i++) {
      out.putAscii(i == 0 ? ",{\"" : ",\"");
      out.putEscaped(b, pairs.nameFrom(i), pairs.nameTo(i) - pairs.nameFrom(i));
      out.putAscii("\":\"");
      out.putEscaped(b, pairs.valueFrom(i), pairs.valueTo(i) - pairs.valueFrom(i));
      out.put((byte) '"');
    }
    if (pairs.count() > 0) {
      out.put((byte) '}');
    }
  }

  private void add(
      Batch batch,
      int record,
      int number,
      Stream stream,
      boolean moved,
      byte[] pairs,
      int pairsLength,
      int pairsBytes,
      int pairsCount) {
    long nanos = batch.epochNanos(record);
    time.of(nanos);
    ByteSink out = entries.sink();
    int start;
    int length;
    if (protobuf) {
      // The line where it stays; what is before it when its length is known.
      out.ensure(Protobuf.HEAD);
      int from = out.position() + Protobuf.HEAD;
      out.position(from);
      lines.write(batch, record, moved, out);
      length = out.position() - from;
      start = Protobuf.head(time, length, out.array(), from);
      out.put(pairs, 0, pairsLength);
    } else {
      ByteSink text = line.sink();
      text.position(0);
      lines.write(batch, record, moved, text);
      length = text.position();
      start = out.position();
      out.putAscii("[\"");
      time.write(out);
      out.putAscii("\",\"");
      out.putEscaped(text.array(), 0, length);
      out.put((byte) '"');
      out.put(pairs, 0, pairsLength);
      out.put((byte) ']');
    }
    if (lines.hasRepaired()) {
      output.repaired();
    }
    entries.add(stream, number, nanos, start, length, pairsBytes, pairsCount);
  }

  /** What the configuration makes of a record. */
  record Shape(
      boolean protobuf,
      boolean defaults,
      LokiConfig.Line line,
      Lines.Drop drop,
      List<Made> labelItems,
      List<Made> metadataItems) {

    /** Makes a source, one for each thread. */
    interface Made {
      Source.Of make(Names names);
    }

    List<Source.Of> labels(Names names) {
      return labelItems.stream().map(made -> made.make(names)).toList();
    }

    List<Source.Of> metadata(Names names) {
      return metadataItems.stream().map(made -> made.make(names)).toList();
    }
  }
}
