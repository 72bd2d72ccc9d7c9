package io.logboom.output.http;

import io.logboom.api.config.Secret;
import io.logboom.net.http.HttpRequest;
import io.logboom.output.http.HttpConfig.Format;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Headers of requests, as names and values in turn (RFC 9110 §5). */
final class Headers {
  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}");
  private static final Pattern LINE =
      Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+ +[^\\p{Cntrl}]*");

  private Headers() {}

  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** Whether it is a name, a blank and a value. */
  static boolean isLine(Secret header) {
    return LINE.matcher(header.reveal()).matches();
  }

  /** Whether the client sets it. */
  static boolean isTheClients(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "host", "content-length", "connection", "transfer-encoding", "content-encoding" -> true;
      default -> false;
    };
  }

  /** What each request of the output has. */
  static List<String> of(HttpConfig config) {
    List<String> all = new ArrayList<>(List.of("User-Agent", "Logboom"));
    if (config.body().bodyKey() == null) {
      all.addAll(List.of("Content-Type", type(config.body().format())));
    }
    String coding = Http.coding(config).token();
    if (!coding.isEmpty()) {
      all.addAll(List.of("Content-Encoding", coding));
    }
    HttpConfig.Headers own = config.headers();
    if (own.bearerToken() != null) {
      all.addAll(List.of("Authorization", "Bearer " + own.bearerToken().reveal()));
    } else if (own.httpUser() != null) {
      all.addAll(
          List.of(
              "Authorization",
              HttpRequest.basic(
                  own.httpUser(), own.httpPasswd() == null ? "" : own.httpPasswd().reveal())));
    }
    for (Secret header : own.header()) {
      String text = header.reveal();
      int blank = text.indexOf(' ');
      String name = text.substring(0, blank);
      String value = text.substring(blank).strip();
      switch (name.toLowerCase(Locale.ROOT)) {
        case "content-type", "user-agent" -> replace(name, value, all);
        default -> {
          if (own.allowDuplicatedHeaders()) {
            all.addAll(List.of(name, value));
          } else {
            replace(name, value, all);
          }
        }
      }
    }
    return List.copyOf(all);
  }

  private static String type(Format format) {
    return switch (format) {
      case JSON, JSON_STREAM, GELF -> "application/json";
      case JSON_LINES -> "application/x-ndjson";
      case MSGPACK -> "application/msgpack";
    };
  }

  /** Puts a header in the place of the one that has its name. */
  static void replace(String name, String value, List<String> all) {
    for (int i = 0; i < all.size(); i += 2) {
      if (all.get(i).equalsIgnoreCase(name)) {
        all.set(i + 1, value);
        return;
      }
    }
    all.add(name);
    all.add(value);
  }

  /** A value's characters, those that no header may have as underscores. */
  static String printable(String value) {
    StringBuilder text = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      text.append(c >= ' ' && c <= '~' ? c : '_');
    }
    return text.toString().strip();
  }

  static String printable(byte[] value, int from, int to) {
    StringBuilder text = new StringBuilder(to - from);
    for (int i = from; i < to; i++) {
      text.append(value[i] >= ' ' && value[i] <= '~' ? (char) value[i] : '_');
    }
    return text.toString();
  }
}
