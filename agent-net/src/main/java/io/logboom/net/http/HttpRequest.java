package io.logboom.net.http;

import io.logboom.net.body.Segments;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request, without the host: the client chooses that.
 *
 * @param path with the query
 * @param headers names and values in turn; a name that stands twice is sent twice; {@code Host},
 *     {@code Content-Length} and {@code Connection} are the client's
 * @param body sealed; it must not change until the response is closed
 */
public record HttpRequest(
    String method, String path, List<String> headers, @Nullable Segments body) {

  public static HttpRequest get(String path) {
    return new HttpRequest("GET", path, List.of(), null);
  }

  public static HttpRequest post(String path, @Nullable Segments body) {
    return new HttpRequest("POST", path, List.of(), body);
  }

  /** This request with one more header. */
  public HttpRequest header(String name, String value) {
    List<String> more = new ArrayList<>(headers);
    more.add(name);
    more.add(value);
    return new HttpRequest(method, path, List.copyOf(more), body);
  }

  /** The value of an {@code Authorization} header (RFC 7617). */
  public static String basic(String user, String password) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }
}
