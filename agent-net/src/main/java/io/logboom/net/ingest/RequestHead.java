package io.logboom.net.ingest;

import io.logboom.net.stream.Link;
import io.netty.handler.codec.http.HttpRequest;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stands before a request's body. */
public final class RequestHead {
  private final HttpRequest request;
  private final Link from;
  private final String path;

  RequestHead(HttpRequest request, Link from) {
    this.request = request;
    this.from = from;
    this.path = path(request.uri());
  }

  private static String path(String uri) {
    int from = 0;
    int scheme = uri.indexOf("://");
    if (!uri.startsWith("/") && scheme > 0) {
      // As a proxy would be asked: http://host/path.
      int slash = uri.indexOf('/', scheme + 3);
      if (slash < 0) {
        return "/";
      }
      from = slash;
    }
    int to = uri.length();
    for (int i = from; i < to; i++) {
      char c = uri.charAt(i);
      if (c == '?' || c == '#') {
        to = i;
      }
    }
    return uri.substring(from, to);
  }

  public String method() {
    return request.method().name();
  }

  /** The path as it was sent, without a query. */
  public String path() {
    return path;
  }

  /** The address of the connection's other end. */
  public String peer() {
    return from.peer();
  }

  /** The same as an address; null for a unix socket. */
  public @Nullable InetAddress address() {
    return from.address();
  }

  /** A header's value, the first one where it is there more than once. */
  public @Nullable String header(String name) {
    return request.headers().get(name);
  }

  /** All values of a header. */
  public List<String> headers(String name) {
    return request.headers().getAll(name);
  }

  HttpRequest request() {
    return request;
  }
}
