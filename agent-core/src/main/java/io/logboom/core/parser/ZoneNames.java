package io.logboom.core.parser;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.TreeMap;

/**
 * Common abbreviations of time zones. Some mean several zones (CST, IST); they mean here what they
 * mean to Fluent Bit.
 */
final class ZoneNames {
  /** No abbreviation. */
  static final int NONE = Integer.MIN_VALUE;

  private static final int LONGEST = 5;
  // Sorted by name; the seconds stand at the name's index.
  private static final long[] NAMES;
  private static final int[] SECONDS;

  // Hours east of Greenwich, then the names.
  private static final String[] TABLE = {
    "0 GMT UTC Z UT WET",
    "-12 Y",
    "-11 X",
    "-10 HST W",
    "-9 AKST HADT V",
    "-8 PST AKDT U",
    "-7 MST PDT T",
    "-6 CST MDT S",
    "-5 EST CDT R",
    "-4 AST EDT CLT Q",
    "-3.5 NST",
    "-3 ADT ART BRT CLST P",
    "-2.5 NDT",
    "-2 BRST O",
    "-1 N",
    "1 CET WEST WAT BST A",
    "2 EET CEST CAT SAST B",
    "3 MSK EEST EAT C",
    "4 GST D",
    "5 E",
    "5.5 IST",
    "5.75 NPT",
    "6 BDT F",
    "7 ICT WIB G",
    "8 AWST SGT WITA MYT HKT H",
    "9 JST KST WIT I",
    "9.5 ACST",
    "10 AEST K",
    "10.5 ACDT",
    "11 AEDT L",
    "12 NZST M",
    "13 NZDT",
  };

  static {
    TreeMap<Long, Integer> all = new TreeMap<>();
    for (String row : TABLE) {
      String[] words = row.split(" ");
      int seconds = (int) (Double.parseDouble(words[0]) * 3600);
      for (int i = 1; i < words.length; i++) {
        byte[] name = words[i].getBytes(StandardCharsets.US_ASCII);
        all.put(key(name, 0, name.length), seconds);
      }
    }
    NAMES = all.keySet().stream().mapToLong(Long::longValue).toArray();
    SECONDS = all.values().stream().mapToInt(Integer::intValue).toArray();
  }

  private ZoneNames() {}

  /** Behind the letters that start at {@code from}. */
  static int end(byte[] b, int from, int to) {
    int i = from;
    while (i < to && isLetter(b[i])) {
      i++;
    }
    return i;
  }

  /** The seconds east of Greenwich that the name {@code b[from, to)} means, or {@link #NONE}. */
  static int seconds(byte[] b, int from, int to) {
    if (from == to || to - from > LONGEST) {
      return NONE;
    }
    int index = Arrays.binarySearch(NAMES, key(b, from, to));
    return index < 0 ? NONE : SECONDS[index];
  }

  private static long key(byte[] b, int from, int to) {
    long key = 0;
    for (int i = from; i < to; i++) {
      key = (key << 8) | (b[i] & 0xDF);
    }
    return key;
  }

  private static boolean isLetter(byte b) {
    return (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z');
  }
}
