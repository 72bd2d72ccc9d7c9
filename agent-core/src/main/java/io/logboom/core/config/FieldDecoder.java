package io.logboom.core.config;

import io.logboom.core.config.ParserDefinition.Decoder;
import io.logboom.core.config.ParserDefinition.Then;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A step of decoding a parser's member.
 *
 * @param field the member
 */
public record FieldDecoder(Decoder decoder, String field, Then then) {
  /** Reads a decoder, a member, and perhaps {@code try_next} or {@code do_next}. */
  public static FieldDecoder parse(String text) {
    String[] words = text.strip().split("\\s+");
    if (words.length < 2 || words.length > 3) {
      throw new BadValueException(
          "not a decoder, a member, and perhaps what follows", "such as json log do_next");
    }
    Then then =
        words.length == 2 ? Then.STOP : constant(Then.class, words[2], "what follows a decoder");
    return new FieldDecoder(constant(Decoder.class, words[0], "decoder"), words[1], then);
  }

  private static <E extends Enum<E>> E constant(Class<E> type, String word, String what) {
    E[] all = type.getEnumConstants();
    List<String> words = Arrays.stream(all).map(e -> e.name().toLowerCase(Locale.ROOT)).toList();
    int i = words.indexOf(word.toLowerCase(Locale.ROOT));
    if (i < 0) {
      throw new BadValueException(
          "unknown " + what + " '" + word + "'",
          Nearest.hint(word, words, "one of " + String.join(", ", words)));
    }
    return all[i];
  }
}
