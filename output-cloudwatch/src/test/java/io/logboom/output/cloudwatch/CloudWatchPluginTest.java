package io.logboom.output.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.plugin.OutputPlugin;
import io.logboom.api.plugin.Problems;
import io.logboom.core.config.Binder;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class CloudWatchPluginTest {
  private static final String[] LEAST = {
    "region", "us-east-1", "log_group_name", "app", "log_stream_prefix", "from-"
  };

  @Test
  void isFoundByItsName() {
    List<String> words = new ArrayList<>();
    for (OutputPlugin<?> plugin : ServiceLoader.load(OutputPlugin.class)) {
      words.add(plugin.type());
    }
    assertThat(words).contains("cloudwatch_logs");
  }

  @Test
  void hasFluentBitsDefaultsAndTheServicesLimits() {
    CloudWatchConfig config = Binder.bind(CloudWatchConfig.class, LEAST);
    assertThat(config.tls().on()).isTrue();
    assertThat(config.groups().autoCreateGroup()).isFalse();
    assertThat(config.groups().logRetentionDays()).isZero();
    assertThat(config.event().maxEventSize().bytes()).isEqualTo(1 << 20);
    assertThat(problems()).isEmpty();
  }

  @Test
  void takesAllOptionsThatFluentBitHas() {
    assertThat(
            problems(
                "log_group_template",
                "/app/$kubernetes['namespace_name']",
                "log_stream_template",
                "$kubernetes['pod_name'].$TAG[1]",
                "log_key",
                "log",
                "log_format",
                "json/emf",
                "role_arn",
                "arn:aws:iam::123456789012:role/logs",
                "external_id",
                "id",
                "auto_create_group",
                "On",
                "log_retention_days",
                "14",
                "log_group_class",
                "INFREQUENT_ACCESS",
                "auto_retry_requests",
                "true",
                "endpoint",
                "https://vpce-1.logs.us-east-1.vpce.amazonaws.com",
                "sts_endpoint",
                "https://sts.us-east-1.amazonaws.com",
                "profile",
                "p",
                "extra_user_agent",
                "x",
                "add_entity",
                "false"))
        .isEmpty();
  }

  @Test
  void saysWhatIsWrong() {
    assertThat(problems("log_stream_name", "x"))
        .containsExactly("log_stream_prefix: stands beside log_stream_name");
    assertThat(problems("log_retention_days", "8", "auto_create_group", "on"))
        .containsExactly("log_retention_days: is no retention that there is");
    assertThat(problems("max_event_size", "2M"))
        .containsExactly("max_event_size: is more than a whole request may have");
    assertThat(problems("log_format", "emf"))
        .containsExactly("log_format: is not json or json/emf");
    assertThat(problems("endpoint", "https://x/path"))
        .containsExactly("endpoint: is no host, host:port or URL without a path");
    assertThat(problems("endpoint", "http://localhost:4566")).isEmpty();
    assertThat(problems("endpoint", "https://localhost", "tls", "off"))
        .containsExactly("endpoint: is an https URL, and TLS is off");
    assertThat(check("region", "x", "log_group_name", "a b"))
        .containsExactly(
            "log_group_name: is no name of a log group: 1 to 512 of letters, digits and . - _ / #",
            "log_stream_name: is missing, and so is log_stream_prefix");
    assertThat(check("region", "x", "log_group_name", "a", "log_stream_name", "a:b"))
        .containsExactly(
            "log_stream_name: is no name of a log stream: 1 to 512 characters, and no : or * among"
                + " them");
  }

  @Test
  void warnsOfWhatHasNoEffect() {
    assertThat(problems("log_retention_days", "7"))
        .containsExactly("warning log_retention_days: has no effect without auto_create_group");
    assertThat(problems("add_entity", "on"))
        .containsExactly("warning add_entity: has no effect: no filter here finds out entities");
    assertThat(problems("metric_namespace", "n", "metric_dimensions", "a,b"))
        .containsExactly(
            "warning metric_namespace: has no effect: it is for the inputs cpu and mem of Fluent"
                + " Bit, which are not there");
  }

  private static List<String> problems(String... options) {
    List<String> all = new ArrayList<>(List.of(LEAST));
    all.addAll(List.of(options));
    return check(all.toArray(String[]::new));
  }

  private static List<String> check(String... options) {
    List<String> found = new ArrayList<>();
    new CloudWatchPlugin()
        .check(
            Binder.bind(CloudWatchConfig.class, options),
            new Problems() {
              @Override
              public void error(String option, String message, String hint) {
                found.add(option + ": " + message);
              }

              @Override
              public void warning(String option, String message, String hint) {
                found.add("warning " + option + ": " + message);
              }
            });
    return found;
  }
}
