package io.logboom.aws;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The forms in which services say what is wrong. */
final class AwsErrorTest {
  @Test
  void jsonWithANamespace() {
    AwsError error =
        AwsError.parse(
            null,
            "{\"__type\":\"com.amazonaws.logs#ThrottlingException\",\"message\":\"Rate"
                + " exceeded\"}");
    assertThat(error).isEqualTo(new AwsError("ThrottlingException", "Rate exceeded"));
    assertThat(error.isThrottle()).isTrue();
    assertThat(error).hasToString("ThrottlingException: Rate exceeded");
  }

  @Test
  void aHeaderWithAnAddress() {
    AwsError error =
        AwsError.parse(
            "UnrecognizedClientException:http://internal.amazon.com/coral/com.amazon.coral.service/",
            "{\"message\":\"The security token included in the request is invalid.\"}");
    assertThat(error.code()).isEqualTo("UnrecognizedClientException");
    assertThat(error.isExpired()).isTrue();
    assertThat(error.isThrottle()).isFalse();
  }

  @Test
  void aMessageAlone() {
    assertThat(
            AwsError.parse(
                    null, "{\"message\":\"The security token included in the request is expired\"}")
                .isExpired())
        .isTrue();
    assertThat(AwsError.parse(null, "{\"Message\":\"User: x is not authorized\"}").isExpired())
        .isFalse();
  }

  @Test
  void xml() {
    AwsError error =
        AwsError.parse(
            null,
            "<?xml version=\"1.0\"?>\n"
                + "<Error><Code>RequestTimeTooSkewed</Code><Message>The difference is too"
                + " large</Message></Error>");
    assertThat(error.isClockSkew()).isTrue();
    assertThat(error.message()).isEqualTo("The difference is too large");
    assertThat(AwsError.parse(null, "<Error><Code>SlowDown</Code></Error>").isThrottle()).isTrue();
    assertThat(AwsError.parse(null, "<Error><Code>ExpiredToken</Code></Error>").isExpired())
        .isTrue();
  }

  @Test
  void aSignatureThatIsTooOldIsTheClocksFault() {
    AwsError error =
        AwsError.parse(
            "InvalidSignatureException",
            "{\"message\":\"Signature expired: 20261126T100000Z is now earlier than"
                + " 20261126T101000Z (20261126T101500Z - 5 min.)\"}");
    assertThat(error.isClockSkew()).isTrue();
    assertThat(error.isExpired()).isFalse();
  }

  @Test
  void somethingElse() {
    AwsError error = AwsError.parse(null, "Bad Gateway");
    assertThat(error).isEqualTo(new AwsError("", "")).hasToString("");
  }
}
