package io.logboom.api.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Jackson and a strict UTF-8 decoder find out about a document. */
final class JsonReference {
  private static final JsonFactory LENIENT = new JsonFactory();
  private static final JsonFactory STRICT =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final Pattern BREAK = Pattern.compile("(?s).*(\n|\r|\\\\n|\\\\r)");

  private static final Pattern ESCAPE =
      Pattern.compile("\\\\(?:u([0-9a-fA-F]{4})|(.))?", Pattern.DOTALL);

  private static final Pattern LOW = Pattern.compile("\\\\u[dD][c-fC-F][0-9a-fA-F]{2}");

  private boolean badEscape;
  boolean object;
  boolean duplicate;
  boolean utf8;
  boolean loneSurrogate;
  boolean trailingBreak;
  int depth;
  int members;
  final Set<String> names = new HashSet<>();

  static JsonReference of(byte[] bytes) throws IOException {
    JsonReference reference = new JsonReference();
    String text = WhatwgUtf8.decode(bytes);
    reference.utf8 = Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes);
    String paired = reference.withoutLoneSurrogates(text);
    reference.object = !reference.badEscape && reference.walk(paired);
    reference.duplicate = reference.object && hasDuplicates(paired);
    return reference;
  }

  private boolean walk(String json) throws IOException {
    int open = 0;
    try (JsonParser parser = LENIENT.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      JsonToken token = JsonToken.START_OBJECT;
      do {
        if (token.isStructStart()) {
          depth = Math.max(depth, ++open);
        } else if (token.isStructEnd()) {
          open--;
        } else if (token == JsonToken.FIELD_NAME) {
          if (open == 1) {
            members++;
            names.add(parser.currentName());
          }
        } else if (token == JsonToken.VALUE_STRING) {
          trailingBreak |= BREAK.matcher(parser.getText()).matches();
        }
        token = parser.nextToken();
      } while (token != null && open > 0);
      return token == null;
    } catch (JsonParseException | StreamConstraintsException e) {
      return false;
    }
  }

  private static boolean hasDuplicates(String json) throws IOException {
    try (JsonParser parser = STRICT.createParser(json)) {
      while (parser.nextToken() != null) {
        parser.finishToken();
      }
      return false;
    } catch (JsonParseException e) {
      return true;
    }
  }

  /**
   * Looks at escapes itself, for Jackson refuses a surrogate alone in a name, and takes U+D834 for
   * the hexadecimal digit 4.
   */
  private String withoutLoneSurrogates(String text) {
    StringBuilder paired = new StringBuilder();
    int at = 0;
    Matcher escape = ESCAPE.matcher(text);
    while (escape.find(at)) {
      paired.append(text, at, escape.start());
      at = escape.end();
      int unit = escape.group(1) == null ? 0 : Integer.parseInt(escape.group(1), 16);
      badEscape |= "u".equals(escape.group(2));
      boolean high = unit >= 0xD800 && unit <= 0xDBFF;
      if (high && LOW.matcher(text).region(at, text.length()).lookingAt()) {
        paired.append(text, escape.start(), at + 6);
        at += 6;
      } else if (unit >= 0xD800 && unit <= 0xDFFF) {
        loneSurrogate = true;
        paired.append("\\uFFFD");
      } else {
        paired.append(escape.group());
      }
    }
    return paired.append(text.substring(at)).toString();
  }
}
