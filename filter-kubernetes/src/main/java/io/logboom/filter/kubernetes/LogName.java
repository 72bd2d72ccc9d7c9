package io.logboom.filter.kubernetes;

import org.jspecify.annotations.Nullable;

/**
 * What the name of a container's log tells.
 *
 * @param uid the pod's, as the kubelet writes it into paths; null where the name has none
 * @param containerId the runtime's; empty where the name has none
 */
record LogName(
    String namespace,
    String pod,
    @Nullable String uid,
    String container,
    String containerId,
    @Nullable String containerHash) {
  private static final int ID = 64;
  private static final int UUID = 36;
  private static final int HASH = 32;
  private static final String SUFFIX = ".log";
  private static final String PODS = "/pods/";

  /** The pod's, without a container. */
  static LogName ofPod(Pod pod) {
    return new LogName(pod.namespace(), pod.name(), pod.hasUid() ? pod.uid() : null, "", "", null);
  }

  /** Without a container that the pod does not have. */
  LogName in(Pod of) {
    return container.isEmpty() || of.container(container) != null
        ? this
        : new LogName(namespace, pod, uid, "", containerId, containerHash);
  }

  LogName withUid(@Nullable String found) {
    return found == null
        ? this
        : new LogName(namespace, pod, found, container, containerId, containerHash);
  }

  /**
   * Reads {@code POD_NAMESPACE_CONTAINER-ID.log}, ID being 64 lower-case letters and digits. Text
   * before what can be a pod's name is skipped.
   */
  static @Nullable LogName ofFile(String text) {
    int end = text.length() - SUFFIX.length();
    int dash = end - ID - 1;
    if (dash < 5 || !text.endsWith(SUFFIX) || text.charAt(dash) != '-') {
      return null;
    }
    for (int i = dash + 1; i < end; i++) {
      if (!isAlphanumeric(text.charAt(i))) {
        return null;
      }
    }
    int first = text.indexOf('_');
    int second = text.indexOf('_', first + 1);
    if (first < 1 || second <= first + 1 || second + 1 >= dash) {
      return null;
    }
    int from = startOfName(text, first);
    if (from == first || !isAlphanumeric(text.charAt(first - 1))) {
      return null;
    }
    return new LogName(
        text.substring(first + 1, second),
        text.substring(from, first),
        null,
        text.substring(second + 1, dash),
        text.substring(dash + 1, end),
        null);
  }

  /**
   * Where the longest text starts that ends at {@code end} and is a DNS subdomain: labels of
   * letters, digits and inner hyphens, with dots between them.
   */
  private static int startOfName(String text, int end) {
    int from = end;
    while (from > 0 && isNameCharacter(text.charAt(from - 1))) {
      boolean inner = from < end && !isAlphanumeric(text.charAt(from));
      if (inner && isMisplaced(text.charAt(from - 1), text.charAt(from))) {
        break;
      }
      from--;
    }
    while (from < end && !isAlphanumeric(text.charAt(from))) {
      from++;
    }
    return from;
  }

  /** Whether two signs may not stand side by side: only hyphens may. */
  private static boolean isMisplaced(char first, char second) {
    return !isAlphanumeric(first) && (first == '.' || second == '.');
  }

  /** Reads {@code .../pods/NAMESPACE_POD_UID/CONTAINER/N.log}, as the kubelet lays out logs. */
  static @Nullable LogName ofPath(String path) {
    int at = path.lastIndexOf(PODS);
    if (at < 0) {
      return null;
    }
    int from = at + PODS.length();
    int slash = path.indexOf('/', from);
    int first = path.indexOf('_', from);
    int second = first < 0 ? -1 : path.indexOf('_', first + 1);
    if (slash < 0 || second < 0 || second + 1 >= slash || first == from || second == first + 1) {
      return null;
    }
    int next = path.indexOf('/', slash + 1);
    return new LogName(
        path.substring(from, first),
        path.substring(first + 1, second),
        path.substring(second + 1, slash),
        next < 0 ? "" : path.substring(slash + 1, next),
        "",
        null);
  }

  /**
   * Reads {@code NAMESPACE_POD_UID.CONTAINER} as a part of a tag, with anything before and behind
   * that a dot sets off. The container may be left out.
   */
  static @Nullable LogName ofTag(String tag) {
    for (int at = tag.indexOf('_'); at >= 0; at = tag.indexOf('_', at + 1)) {
      int end = endOfUid(tag, at + 1);
      int first = end < 0 ? -1 : tag.lastIndexOf('_', at - 1);
      int from = first < 0 ? -1 : startOfLabel(tag, first);
      if (from >= 0
          && from < first
          && startOfName(tag, at) == first + 1
          && first + 1 < at
          && (from == 0 || tag.charAt(from - 1) == '.')) {
        return new LogName(
            tag.substring(from, first),
            tag.substring(first + 1, at),
            tag.substring(at + 1, end),
            label(tag, end + 1),
            "",
            null);
      }
    }
    return null;
  }

  /** The end of a UUID, or of a static pod's hash, that a dot or the end follows; else -1. */
  private static int endOfUid(String text, int from) {
    int end = from;
    while (end < text.length() && isUidCharacter(text.charAt(end))) {
      end++;
    }
    boolean closed = end == text.length() || text.charAt(end) == '.';
    int length = end - from;
    boolean uuid = length == UUID;
    for (int i = from; i < end; i++) {
      int nth = i - from;
      boolean hyphen = uuid && (nth == 8 || nth == 13 || nth == 18 || nth == 23);
      if (hyphen != (text.charAt(i) == '-')) {
        return -1;
      }
    }
    return closed && (uuid || length == HASH) ? end : -1;
  }

  private static boolean isUidCharacter(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '-';
  }

  private static int startOfLabel(String text, int end) {
    int from = end;
    while (from > 0 && isLabelCharacter(text.charAt(from - 1))) {
      from--;
    }
    return from;
  }

  private static String label(String text, int from) {
    int end = Math.min(from, text.length());
    int start = end;
    while (end < text.length() && isLabelCharacter(text.charAt(end))) {
      end++;
    }
    boolean closed = end == text.length() || text.charAt(end) == '.';
    return closed ? text.substring(start, end) : "";
  }

  private static boolean isLabelCharacter(char c) {
    return isAlphanumeric(c) || c == '-';
  }

  /** The UID in {@code path}, where that is a path of this pod. */
  @Nullable String uidIn(String path) {
    LogName other = ofPath(path);
    return other != null && other.pod.equals(pod) && other.namespace.equals(namespace)
        ? other.uid
        : null;
  }

  private static boolean isAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  }

  private static boolean isNameCharacter(char c) {
    return isAlphanumeric(c) || c == '-' || c == '.';
  }
}
