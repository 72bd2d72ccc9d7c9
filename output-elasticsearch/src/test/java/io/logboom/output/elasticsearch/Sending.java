package io.logboom.output.elasticsearch;

import io.logboom.api.batch.Batch;
import io.logboom.core.config.Binder;
import io.logboom.testkit.Records;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.elasticsearch.FakeElasticsearch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** An {@code es} output, its context, and a fake server to send to. */
final class Sending implements AutoCloseable {
  final TestContext context;
  final FakeElasticsearch server;
  final Elasticsearch output;

  Sending(String... options) throws Exception {
    this(new TestContext(Path.of("unused")), options);
  }

  Sending(TestContext context, String... options) throws Exception {
    this.context = context;
    server = FakeElasticsearch.start();
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("port", Integer.toString(server.port())));
    output =
        (Elasticsearch)
            new ElasticsearchPlugin()
                .create(
                    Binder.bind(ElasticsearchConfig.class, all.toArray(String[]::new)), context);
  }

  /** Records whose names the output knows, as it does when it is created before them. */
  static Records records(TestContext context) {
    for (String name : new String[] {"@timestamp", "flb-key", "kubernetes"}) {
      context.names().of(name);
    }
    return new Records(context);
  }

  /** Records {@code {"n":0}} and so on. */
  Batch numbered(int count) {
    Records records = records(context);
    for (int i = 0; i < count; i++) {
      records.json("{\"n\":" + i + "}");
    }
    return records.batch();
  }

  long items(String result) {
    return context.meters().count(ElasticsearchMeter.ITEMS, "result", result);
  }

  /** The numbers of the records that were stored. */
  List<Integer> stored() {
    return server.documents().stream().map(d -> d.source().path("n").asInt()).toList();
  }

  static BitSet bits(int... numbers) {
    BitSet set = new BitSet();
    Arrays.stream(numbers).forEach(set::set);
    return set;
  }

  @Override
  public void close() throws IOException {
    output.close();
    server.close();
  }
}
