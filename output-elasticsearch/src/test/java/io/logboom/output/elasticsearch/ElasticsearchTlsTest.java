package io.logboom.output.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.Output;
import io.logboom.core.config.Binder;
import io.logboom.testkit.Records;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.elasticsearch.FakeElasticsearch;
import io.logboom.testkit.http.TestCertificates;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElasticsearchTlsTest {
  @TempDir private Path directory;
  private final TestContext context = new TestContext(Path.of("unused"));

  @Test
  void deliversOverTlsWithAClientCertificateAndNotWithoutTheAuthority() throws Exception {
    TestCertificates certificates =
        TestCertificates.in(directory)
            .issue("server", "ip:127.0.0.1")
            .issue("client", "dns:agent.example");
    String[] client = {
      "tls.crt_file", certificates.certificate("client").toString(),
      "tls.key_file", certificates.key("client").toString()
    };
    try (FakeElasticsearch server = FakeElasticsearch.start(certificates.server("server"), true)) {
      assertThat(
              send(
                  server,
                  client[0],
                  client[1],
                  client[2],
                  client[3],
                  "tls.ca_file",
                  certificates.authority().toString()))
          .isEqualTo(Outcome.DELIVERED);
      assertThat(server.documents()).hasSize(3000);
      assertThat(send(server))
          .isInstanceOfSatisfying(
              Outcome.Retry.class, r -> assertThat(r.why()).contains("cannot be reached: TLS: "));
      assertThat(server.documents()).hasSize(3000);
    }
  }

  private Outcome send(FakeElasticsearch server, String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("port", Integer.toString(server.port()), "tls", "on"));
    try (Output output =
        new ElasticsearchPlugin()
            .create(Binder.bind(ElasticsearchConfig.class, all.toArray(String[]::new)), context)) {
      Records records = Sending.records(context);
      for (int i = 0; i < 3000; i++) {
        records.text("line " + i);
      }
      return output.send(List.of(records.batch()));
    }
  }
}
