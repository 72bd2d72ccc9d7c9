package io.logboom.input.http;

import io.logboom.api.plugin.Problems;
import io.logboom.net.tls.Tls;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rules between options. */
final class HttpCheck {
  private static final Set<Integer> STATUSES = Set.of(200, 201, 204);
  private static final Set<String> OWN =
      Set.of("connection", "content-length", "content-type", "date", "transfer-encoding");

  private HttpCheck() {}

  static void check(HttpConfig config, Problems problems) {
    Tls.check(config.tls(), problems);
    if (!STATUSES.contains(config.answers().successfulResponseCode())) {
      problems.error("successful_response_code", "is not 200, 201 or 204", "201");
    }
    if (config.records().remoteAddrKey().isEmpty()) {
      problems.error("remote_addr_key", "is empty", "REMOTE_ADDR");
    }
    for (String each : config.answers().successHeader()) {
      String fault = fault(each);
      if (fault != null) {
        problems.error("success_header", fault, "X-Name value");
      }
    }
    HttpConfig.Security security = config.security();
    if (security.httpPasswd() != null && security.httpUser() == null) {
      problems.error("http_passwd", "has no effect without http_user", "give both");
    }
    if (security.httpUser() != null && security.httpPasswd() == null) {
      problems.error("http_user", "has no password", "give http_passwd as well");
    }
    if (security.httpUser() != null && security.httpUser().indexOf(':') >= 0) {
      problems.error("http_user", "has a colon, which ends a user's name in HTTP", "");
    }
    if (security.httpUser() != null && !config.tls().on()) {
      problems.warning("http_user", "is sent in the clear without tls", "tls: on");
    }
    if (config.sizes().bufferChunkSize().compareTo(config.sizes().bufferMaxSize()) > 0) {
      problems.warning(
          "buffer_chunk_size", "is more than buffer_max_size, which bounds a body", "");
    }
    if (config.compatible().http2()) {
      problems.warning("http2", "has no effect: HTTP/1.1 is spoken", "");
    }
  }

  /** What is wrong with a header of an answer; null for nothing. */
  static @Nullable String fault(String header) {
    String[] words = header.strip().split("\\s+", 2);
    if (words.length < 2) {
      return "is not a header's name and its value with a blank between";
    }
    if (!words[0].matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+")) {
      return "begins with no header's name";
    }
    if (OWN.contains(words[0].toLowerCase(Locale.ROOT))) {
      return "names a header that the server sets itself";
    }
    boolean plain = words[1].chars().allMatch(c -> c >= ' ' && c < 0x7F);
    return plain ? null : "has a character that a header cannot have";
  }

  /** The header as it is sent. */
  static String line(String header) {
    String[] words = header.strip().split("\\s+", 2);
    return words[0] + ": " + words[1];
  }
}
