package io.logboom.net.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Handlers by exact path. An unknown path is a 404 without a body, a method that the path does not
 * take a 405 with {@code Allow}.
 */
public final class Routes implements Handler {
  private static final String ANY = "";

  private final Map<String, Map<String, Handler>> paths = new LinkedHashMap<>();

  /** Any method. */
  public Routes any(String path, Handler handler) {
    return put(ANY, path, handler);
  }

  public Routes get(String path, Handler handler) {
    return put("GET", path, handler);
  }

  public Routes on(Set<String> methods, String path, Handler handler) {
    methods.forEach(method -> put(method, path, handler));
    return this;
  }

  /** The paths, in the order in which they were added. */
  public List<String> paths() {
    return List.copyOf(paths.keySet());
  }

  private Routes put(String method, String path, Handler handler) {
    Handler before = paths.computeIfAbsent(path, _ -> new LinkedHashMap<>()).put(method, handler);
    if (before != null) {
      throw new IllegalArgumentException("two handlers for " + method + " " + path);
    }
    return this;
  }

  @Override
  public Answer answer(Request request) {
    Map<String, Handler> methods = paths.get(request.path());
    if (methods == null) {
      return Answer.empty(404);
    }
    Handler handler = methods.get(request.method());
    if (handler == null) {
      handler = methods.get(ANY);
    }
    if (handler == null) {
      String allowed = String.join(", ", new TreeSet<>(methods.keySet()));
      return new Answer(405, "", new byte[0], Map.of("Allow", allowed));
    }
    return handler.answer(request);
  }
}
