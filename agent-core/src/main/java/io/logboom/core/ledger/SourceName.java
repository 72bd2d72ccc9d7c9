package io.logboom.core.ledger;

import io.logboom.api.batch.Origin;
import org.jspecify.annotations.Nullable;

/**
 * What an account of a source is kept under. A container has one account: its streams, its rotated
 * files and its restarts are together, since all of their file names lead to the same three words.
 *
 * @param source the container as {@code namespace/pod/container}; of other sources their own name,
 *     such as a path
 * @param namespace empty where the source is no container, as are the next two
 */
public record SourceName(String source, String namespace, String pod, String container) {
  private static final String PODS = "/log/pods/";
  private static final String SUFFIX = ".log";
  private static final int SHORTEST_ID = 12;

  static SourceName of(Origin origin) {
    String source = origin.source();
    return source.isEmpty() ? plain(origin.tag()) : of(source);
  }

  /**
   * The name of a source as its input calls it. The kubelet's two kinds of path are understood:
   *
   * <pre>
   *   .../containers/POD_NAMESPACE_CONTAINER-ID.log
   *   .../log/pods/NAMESPACE_POD_UID/CONTAINER/N.log
   * </pre>
   */
  public static SourceName of(String source) {
    int pods = source.indexOf(PODS);
    SourceName found =
        pods >= 0 ? pods(source.substring(pods + PODS.length())) : containers(source);
    return found == null ? plain(source) : found;
  }

  static SourceName plain(String source) {
    return new SourceName(source, "", "", "");
  }

  private static @Nullable SourceName pods(String below) {
    String[] parts = below.split("/", -1);
    if (parts.length != 3) {
      return null;
    }
    String[] words = parts[0].split("_", -1);
    return words.length == 3 ? container(words[0], words[1], parts[1]) : null;
  }

  private static @Nullable SourceName containers(String path) {
    String file = path.substring(path.lastIndexOf('/') + 1);
    if (!file.endsWith(SUFFIX)) {
      return null;
    }
    String[] words = file.substring(0, file.length() - SUFFIX.length()).split("_", -1);
    if (words.length != 3) {
      return null;
    }
    int dash = words[2].lastIndexOf('-');
    return dash > 0 && isId(words[2].substring(dash + 1))
        ? container(words[1], words[0], words[2].substring(0, dash))
        : null;
  }

  private static boolean isId(String word) {
    return word.length() >= SHORTEST_ID
        && word.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }

  private static @Nullable SourceName container(String namespace, String pod, String container) {
    return namespace.isEmpty() || pod.isEmpty() || container.isEmpty()
        ? null
        : new SourceName(namespace + '/' + pod + '/' + container, namespace, pod, container);
  }
}
