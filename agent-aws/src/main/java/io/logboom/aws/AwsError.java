package io.logboom.aws;

import io.logboom.net.http.HttpResponse;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an AWS service says in an answer that is no success, in the forms that services have: a
 * header, JSON, or XML.
 *
 * @param code such as {@code ExpiredTokenException}; empty where the answer has none
 * @param message empty where the answer has none
 */
public record AwsError(String code, String message) {
  private static final Pattern JSON_CODE =
      Pattern.compile("\"(?:__type|code|Code)\"\\s*:\\s*\"([^\"]{1,200})\"");
  private static final Pattern JSON_MESSAGE =
      Pattern.compile("\"(?:message|Message)\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.){1,1000})\"");
  private static final Pattern XML_CODE = Pattern.compile("<Code>([^<]{1,200})</Code>");
  private static final Pattern XML_MESSAGE = Pattern.compile("<Message>([^<]{1,1000})</Message>");

  private static final Set<String> EXPIRED =
      Set.of(
          "expiredtoken",
          "expiredtokenexception",
          "tokenrefreshrequired",
          "invalidtoken",
          "invalidaccesskeyid",
          "invalidclienttokenid",
          "unrecognizedclient",
          "unrecognizedclientexception");
  private static final Set<String> THROTTLED =
      Set.of(
          "throttling",
          "throttlingexception",
          "throttledexception",
          "requestthrottled",
          "requestthrottledexception",
          "toomanyrequestsexception",
          "provisionedthroughputexceededexception",
          "bandwidthlimitexceeded",
          "requestlimitexceeded",
          "limitexceededexception",
          "prioritythrottlingexception",
          "priorrequestnotcomplete",
          "transactioninprogressexception",
          "slowdown");
  private static final Set<String> SKEWED =
      Set.of("requesttimetooskewed", "requestexpired", "requestinthefuture");

  /**
   * Of an answer.
   *
   * @param body its start, as far as it was read
   */
  public static AwsError of(HttpResponse response, String body) {
    return parse(response.header("x-amzn-ErrorType"), body);
  }

  /**
   * Of an answer's parts.
   *
   * @param type the header {@code x-amzn-ErrorType}
   */
  static AwsError parse(@Nullable String type, String body) {
    boolean xml = body.stripLeading().startsWith("<");
    String code = type != null ? type : first(xml ? XML_CODE : JSON_CODE, body);
    return new AwsError(bare(code), first(xml ? XML_MESSAGE : JSON_MESSAGE, body));
  }

  private static String first(Pattern pattern, String body) {
    Matcher found = pattern.matcher(body);
    return found.find() ? found.group(1) : "";
  }

  /** {@code com.amazonaws.logs#ResourceNotFoundException:http://...} without what is around it. */
  private static String bare(String code) {
    int start = code.lastIndexOf('#', code.indexOf(':') < 0 ? code.length() : code.indexOf(':'));
    String rest = code.substring(start + 1);
    int end = rest.indexOf(':');
    return (end < 0 ? rest : rest.substring(0, end)).strip();
  }

  /** Whether the credentials are the fault, and other ones may be taken. */
  public boolean isExpired() {
    String text = message.toLowerCase(Locale.ROOT);
    return isOneOf(EXPIRED)
        || (text.contains("security token")
            && (text.contains("expired") || text.contains("invalid")));
  }

  /** Whether the service asks for patience. */
  public boolean isThrottle() {
    return isOneOf(THROTTLED);
  }

  /** Whether this machine's clock is the fault. */
  public boolean isClockSkew() {
    String text = message.toLowerCase(Locale.ROOT);
    return isOneOf(SKEWED)
        || text.contains("signature expired")
        || text.contains("signature not yet current");
  }

  private boolean isOneOf(Set<String> codes) {
    return codes.contains(code.toLowerCase(Locale.ROOT));
  }

  /** For messages: {@code code: message}, or what there is of it. */
  @Override
  public String toString() {
    return code.isEmpty() || message.isEmpty() ? code + message : code + ": " + message;
  }
}
