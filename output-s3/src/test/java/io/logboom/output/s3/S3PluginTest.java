package io.logboom.output.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.json.DateFormat;
import io.logboom.api.plugin.OutputPlugin;
import io.logboom.api.plugin.Problems;
import io.logboom.core.config.Binder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class S3PluginTest {
  private static List<String> problems(String... options) {
    List<String> all = new ArrayList<>(List.of(options));
    if (!all.contains("bucket")) {
      all.addAll(List.of("bucket", "logs"));
    }
    List<String> found = new ArrayList<>();
    new S3Plugin()
        .check(
            Binder.bind(S3Config.class, all.toArray(String[]::new)),
            new Problems() {
              @Override
              public void error(String option, String rule, String hint) {
                found.add(option);
              }

              @Override
              public void warning(String option, String rule, String hint) {
                found.add("(" + option + ")");
              }
            });
    return found;
  }

  @Test
  void isFoundByItsName() {
    List<String> words = new ArrayList<>();
    for (OutputPlugin<?> plugin : ServiceLoader.load(OutputPlugin.class)) {
      words.add(plugin.type());
    }
    assertThat(words).contains("s3");
  }

  @Test
  void hasFluentBitsDefaults() {
    S3Config config = Binder.bind(S3Config.class, "bucket", "logs");
    assertThat(config.objects().totalFileSize().bytes()).isEqualTo(100_000_000);
    assertThat(config.objects().uploadChunkSize().bytes()).isEqualTo(5_242_880);
    assertThat(config.objects().uploadTimeout()).isEqualTo(Duration.ofMinutes(10));
    assertThat(config.objects().keyFormat()).isEqualTo("/fluent-bit-logs/$TAG/%Y/%m/%d/%H/%M/%S");
    assertThat(config.objects().usePutObject()).isFalse();
    assertThat(config.contents().jsonDateKey()).isEqualTo("date");
    assertThat(config.contents().jsonDateFormat()).isEqualTo(DateFormat.ISO8601);
    assertThat(problems()).isEmpty();
  }

  @Test
  void takesTheOptionsThatFluentBitHas() {
    assertThat(
            problems(
                "region",
                "eu-west-1",
                "total_file_size",
                "50M",
                "upload_chunk_size",
                "6M",
                "upload_timeout",
                "1m",
                "use_put_object",
                "on",
                "s3_key_format",
                "/x/$TAG[1]/%Y/$UUID.gz",
                "s3_key_format_tag_delimiters",
                ".-",
                "static_file_path",
                "on",
                "format",
                "json",
                "json_date_key",
                "false",
                "json_date_format",
                "epoch",
                "log_key",
                "log",
                "compression",
                "gzip",
                "content_type",
                "application/gzip",
                "canned_acl",
                "bucket-owner-full-control",
                "storage_class",
                "GLACIER_IR",
                "sse",
                "aws:kms",
                "sse_kms_key_id",
                "arn:aws:kms:eu-west-1:123456789012:key/1",
                "send_content_md5",
                "on",
                "store_dir",
                "/var/lib/x",
                "store_dir_limit_size",
                "1G",
                "preserve_data_ordering",
                "on",
                "auto_retry_requests",
                "on",
                "retry_exhausted_action",
                "delete",
                "quarantine_dir_limit_size",
                "1G",
                "role_arn",
                "arn:aws:iam::123456789012:role/logs",
                "external_id",
                "x",
                "sts_endpoint",
                "https://sts.eu-west-1.amazonaws.com",
                "profile",
                "p"))
        .isEmpty();
  }

  @Test
  void whatIsWrongIsNamed() {
    assertThat(problems("bucket", "a b")).containsExactly("bucket");
    assertThat(problems("endpoint", "http://x/y")).containsExactly("endpoint");
    assertThat(problems("s3_key_format", "x")).containsExactly("s3_key_format");
    assertThat(problems("static_file_path", "on")).containsExactly("(static_file_path)");
    assertThat(problems("use_put_object", "on", "total_file_size", "2G"))
        .containsExactly("total_file_size");
    assertThat(problems("sse", "kms")).containsExactly("sse");
    assertThat(problems("sse_kms_key_id", "k")).containsExactly("sse_kms_key_id");
    assertThat(problems("content_type", "a\tb")).containsExactly("content_type");
    assertThat(problems("role_arn", "me")).containsExactly("role_arn");
  }

  @Test
  void theEndpointSaysWhetherThereIsTls() {
    assertThat(S3Plugin.Endpoint.parse("http://minio:9000"))
        .hasToString("Endpoint[host=minio:9000, tls=false]");
    assertThat(S3Plugin.Endpoint.parse("minio")).hasToString("Endpoint[host=minio:443, tls=true]");
    assertThat(S3Plugin.Endpoint.parse("https://s3.example.com/"))
        .hasToString("Endpoint[host=s3.example.com:443, tls=true]");
    assertThat(S3Plugin.Endpoint.parse("http://x/y")).isNull();
  }
}
