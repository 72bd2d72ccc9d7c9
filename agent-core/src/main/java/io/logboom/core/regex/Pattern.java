package io.logboom.core.regex;

import org.joni.Option;

/**
 * What stands between the slashes of {@code /.../imx}, and its options; without slashes, all of it.
 *
 * @param from where the text starts in what the user wrote
 */
record Pattern(String text, int from, int options) {
  static Pattern of(String source) {
    int last = source.lastIndexOf('/');
    if (source.length() < 2 || source.charAt(0) != '/' || last == 0) {
      return new Pattern(source, 0, Option.NONE);
    }
    int options = Option.NONE;
    for (int i = last + 1; i < source.length(); i++) {
      switch (source.charAt(i)) {
        case 'i' -> options |= Option.IGNORECASE;
        case 'm' -> options |= Option.MULTILINE;
        case 'x' -> options |= Option.EXTEND;
        case 'o' -> {} // Ruby's "interpolate once": means nothing here
        default -> {
          return new Pattern(source, 0, Option.NONE); // a path, such as /var/log
        }
      }
    }
    return new Pattern(source.substring(1, last), 1, options);
  }

  boolean isAscii() {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0x7F) {
        return false;
      }
    }
    return true;
  }
}
