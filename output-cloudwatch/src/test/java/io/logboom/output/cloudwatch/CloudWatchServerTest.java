package io.logboom.output.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.logboom.api.batch.Origin;
import io.logboom.testkit.Records;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.cloudwatch.MotoServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Against moto, an implementation of the service that is not ours, where there is one. What it says
 * of events that are too old is off by one, and not tried here.
 */
@Timeout(60)
class CloudWatchServerTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  @Test
  void createsGroupsAndStreamsAndDeliversAllButWhatIsTooNew() throws Exception {
    Assumptions.assumeTrue(MotoServer.command().isPresent(), MotoServer.ABSENT);
    TestContext context = new TestContext(directory, 256 * 1024, 256 << 20);
    try (MotoServer moto = MotoServer.start(directory, Map.of());
        CloudWatch output =
            Sending.output(
                context,
                moto.port(),
                "auto_create_group",
                "on",
                "log_retention_days",
                "14",
                "log_stream_prefix",
                "from-",
                "log_stream_template",
                "$pod")) {
      long now = Instant.now().getEpochSecond() * 1_000_000_000L;
      Records records = new Records(context);
      records.origin(Origin.builder(context.names(), "kube.b").build());
      for (int i = 0; i < 1000; i++) {
        long time = now - Duration.ofMinutes(i).toNanos();
        records.json("{\"n\":" + i + (i % 2 == 0 ? ",\"pod\":\"a\"}" : "}"), time);
      }
      records.json("{\"pod\":\"a\",\"n\":-1}", now + Duration.ofHours(3).toNanos());
      records.text("z".repeat(2 << 20), now);

      assertThat(Sending.deliver(output, records.batch(), 10)).containsOnlyKeys(1000);

      assertThat(messages(moto, "a"))
          .hasSize(500)
          .startsWith("{\"n\":998,\"pod\":\"a\"}")
          .endsWith("{\"n\":0,\"pod\":\"a\"}");
      List<String> ofTag = messages(moto, "from-kube.b");
      assertThat(ofTag).hasSize(501).startsWith("{\"n\":999}").contains("{\"n\":1}");
      assertThat(ofTag.getLast()).hasSize(1_048_550).endsWith("zz[Truncated...]");
      JsonNode groups = JSON.readTree(moto.call("logs", "Logs_20140328.DescribeLogGroups", "{}"));
      assertThat(groups.path("logGroups").path(0).path("retentionInDays").asInt()).isEqualTo(14);
    }
  }

  private static List<String> messages(MotoServer moto, String stream) throws Exception {
    String body =
        "{\"logGroupName\":\"/app/web\",\"logStreamName\":\""
            + stream
            + "\",\"startFromHead\":true,\"limit\":10000}";
    JsonNode answer = JSON.readTree(moto.call("logs", "Logs_20140328.GetLogEvents", body));
    List<String> messages = new ArrayList<>();
    answer.path("events").forEach(event -> messages.add(event.path("message").asText()));
    return messages;
  }
}
