package io.logboom.output.stdout;

import io.logboom.api.json.ByteSink;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/**
 * Rewrites JSON as msgpack-c prints an object: {@code {"k"=>"v", "n"=>nil}}, strings raw between
 * quotes, numbers with a fraction to six digits.
 */
final class MsgpackText {
  private byte[] b = new byte[0];
  private int end;

  /** Rewrites {@code json[0, to)}, which is valid. */
  void write(byte[] json, int to, ByteSink out) {
    b = json;
    end = to;
    int i = 0;
    while (i < end) {
      byte c = b[i];
      switch (c) {
        case '"' -> i = string(i + 1, out);
        case ':' -> {
          out.putAscii("=>");
          i++;
        }
        case ',' -> {
          out.putAscii(", ");
          i++;
        }
        case 'n' -> {
          out.putAscii("nil");
          i += 4;
        }
        case ' ', '\t', '\r', '\n' -> i++;
        case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> i = number(i, out);
        default -> {
          out.put(c);
          i++;
        }
      }
    }
  }

  private int number(int from, ByteSink out) {
    int i = from;
    boolean integral = true;
    while (i < end && isNumberPart(b[i])) {
      integral &= b[i] == '-' || (b[i] >= '0' && b[i] <= '9');
      i++;
    }
    if (integral) {
      out.put(b, from, i - from);
      return i;
    }
    double value = Double.parseDouble(new String(b, from, i - from, StandardCharsets.US_ASCII));
    out.putAscii(
        Double.isInfinite(value)
            ? value > 0 ? "inf" : "-inf"
            : new BigDecimal(value).setScale(6, RoundingMode.HALF_EVEN).toPlainString());
    return i;
  }

  private static boolean isNumberPart(byte c) {
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
  }

  /** From behind the opening quote to behind the closing one. */
  private int string(int from, ByteSink out) {
    out.put((byte) '"');
    int i = from;
    while (b[i] != '"') {
      if (b[i] != '\\') {
        int run = i;
        while (b[i] != '"' && b[i] != '\\') {
          i++;
        }
        out.put(b, run, i - run);
      } else if (b[i + 1] == 'u') {
        i = unicode(i, out);
      } else {
        out.put(plain(b[i + 1]));
        i += 2;
      }
    }
    out.put((byte) '"');
    return i + 1;
  }

  private static byte plain(byte escape) {
    return switch (escape) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'b' -> '\b';
      case 'f' -> '\f';
      default -> escape;
    };
  }

  private int unicode(int from, ByteSink out) {
    int unit = hex(from + 2);
    int i = from + 6;
    int point = unit;
    if (Character.isHighSurrogate((char) unit) && i + 5 < end && b[i] == '\\' && b[i + 1] == 'u') {
      int low = hex(i + 2);
      if (Character.isLowSurrogate((char) low)) {
        point = Character.toCodePoint((char) unit, (char) low);
        i += 6;
      }
    }
    byte[] utf8 =
        (Character.isSurrogate((char) point) && point < 0x10000
                ? "\uFFFD"
                : Character.toString(point))
            .getBytes(StandardCharsets.UTF_8);
    out.put(utf8, 0, utf8.length);
    return i;
  }

  private int hex(int at) {
    int value = 0;
    for (int i = at; i < at + 4; i++) {
      value = value << 4 | Character.digit(b[i], 16);
    }
    return value;
  }
}
