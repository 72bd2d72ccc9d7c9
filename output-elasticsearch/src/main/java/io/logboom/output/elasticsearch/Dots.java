package io.logboom.output.elasticsearch;

import io.logboom.api.json.ByteSink;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Copies JSON members and writes underscores for dots in names: in all of them, or in those of
 * Kubernetes labels and annotations. Elasticsearch takes {@code a.b} for a member {@code b} of an
 * object {@code a}, so that the labels {@code app} and {@code app.kubernetes.io/name} refuse each
 * other.
 */
final class Dots {
  private static final byte[] KUBERNETES = bytes("kubernetes");
  private static final byte[][] LABELS = {
    bytes("labels"), bytes("annotations"), bytes("namespace_labels"), bytes("namespace_annotations")
  };

  private Dots() {}

  /** Copies the members {@code json[from, to)}, valid JSON, with no dot in any name. */
  static void all(byte[] json, int from, int to, ByteSink out) {
    int i = from;
    int copied = from;
    while (i < to) {
      if (json[i] != '"') {
        i++;
        continue;
      }
      int close = closingQuote(json, i + 1);
      if (isName(json, close + 1, to)) {
        out.put(json, copied, i + 1 - copied);
        name(json, i + 1, close, out);
        copied = close;
      }
      i = close + 1;
    }
    out.put(json, copied, to - copied);
  }

  /**
   * Copies the members {@code json[from, to)}, valid JSON, with no dot in the names of labels and
   * annotations.
   *
   * @param unique whether names that have become equal are told apart; costs objects
   */
  static void labels(byte[] json, int from, int to, boolean unique, ByteSink out) {
    int depth = 1;
    boolean inKubernetes = false;
    boolean inLabels = false;
    boolean toKubernetes = false;
    boolean toLabels = false;
    Set<String> met = null;
    int copied = from;
    int i = from;
    while (i < to) {
      switch (json[i]) {
        case '"' -> {
          int close = closingQuote(json, i + 1);
          if (isName(json, close + 1, to)) {
            if (depth == 1) {
              toKubernetes = is(json, i + 1, close, KUBERNETES);
            } else if (depth == 2 && inKubernetes) {
              toLabels = isLabels(json, i + 1, close);
            } else if (depth == 3 && inLabels) {
              out.put(json, copied, i + 1 - copied);
              unique(json, i + 1, close, met, out);
              copied = close;
            }
          }
          i = close;
        }
        case '{' -> {
          depth++;
          inKubernetes |= depth == 2 && toKubernetes;
          if (depth == 3 && inKubernetes && toLabels) {
            inLabels = true;
            met = unique ? new HashSet<>() : null;
          }
        }
        case '[' -> depth++;
        case '}', ']' -> {
          depth--;
          inLabels &= depth >= 3;
          inKubernetes &= depth >= 2;
        }
        default -> {
          // Between the tokens that matter.
        }
      }
      i++;
    }
    out.put(json, copied, to - copied);
  }

  private static void unique(
      byte[] json, int from, int to, @Nullable Set<String> met, ByteSink out) {
    name(json, from, to, out);
    if (met != null) {
      String name = new String(json, from, to - from, StandardCharsets.UTF_8).replace('.', '_');
      while (!met.add(name)) {
        name += "_";
        out.put((byte) '_');
      }
    }
  }

  private static void name(byte[] json, int from, int to, ByteSink out) {
    for (int k = from; k < to; k++) {
      out.put(json[k] == '.' ? (byte) '_' : json[k]);
    }
  }

  private static boolean isLabels(byte[] json, int from, int to) {
    for (byte[] word : LABELS) {
      if (is(json, from, to, word)) {
        return true;
      }
    }
    return false;
  }

  private static boolean is(byte[] json, int from, int to, byte[] word) {
    return Arrays.equals(json, from, to, word, 0, word.length);
  }

  /** In valid JSON a string is a name where a colon follows. */
  private static boolean isName(byte[] json, int from, int to) {
    int i = from;
    while (i < to && json[i] <= ' ') {
      i++;
    }
    return i < to && json[i] == ':';
  }

  private static int closingQuote(byte[] json, int from) {
    int i = from;
    while (json[i] != '"') {
      i += json[i] == '\\' ? 2 : 1;
    }
    return i;
  }

  private static byte[] bytes(String word) {
    return word.getBytes(StandardCharsets.US_ASCII);
  }
}
