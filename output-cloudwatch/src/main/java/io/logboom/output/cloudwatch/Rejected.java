package io.logboom.output.cloudwatch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What the answer to PutLogEvents tells of events that were not taken, by their places in the
 * request.
 *
 * @param tooOld behind the last one that is older than the service takes; 0 for none
 * @param expired behind the last one that is older than the group keeps; 0 for none
 * @param tooNew the first one that is too far in the future; {@link Integer#MAX_VALUE} for none
 * @param nextToken what a service that asks for it wants to see in the next request
 */
record Rejected(int tooOld, int expired, int tooNew, @Nullable String nextToken) {
  private static final JsonFactory JSON = new JsonFactory();

  /** Of an answer's body; an empty one rejects nothing. */
  static Rejected of(String body) {
    int tooOld = 0;
    int expired = 0;
    int tooNew = Integer.MAX_VALUE;
    String token = null;
    if (!body.isEmpty()) {
      try (JsonParser parser = JSON.createParser(body)) {
        String name = "";
        for (JsonToken t = parser.nextToken(); t != null; t = parser.nextToken()) {
          switch (t) {
            case FIELD_NAME -> name = parser.currentName();
            case VALUE_NUMBER_INT -> {
              switch (name) {
                case "tooOldLogEventEndIndex" -> tooOld = parser.getIntValue();
                case "expiredLogEventEndIndex" -> expired = parser.getIntValue();
                case "tooNewLogEventStartIndex" -> tooNew = parser.getIntValue();
                default -> {
                  // Not of interest.
                }
              }
            }
            case VALUE_STRING ->
                token = name.equals("nextSequenceToken") ? parser.getText() : token;
            default -> {
              // Structure.
            }
          }
        }
      } catch (IOException e) {
        // It is the service's, and a success: what cannot be read rejects nothing.
        return new Rejected(tooOld, expired, tooNew, token);
      }
    }
    return new Rejected(tooOld, expired, tooNew, token);
  }

  /** The token that an InvalidSequenceTokenException asks for; null where it asks for none. */
  static @Nullable String expectedToken(String body) {
    try (JsonParser parser = JSON.createParser(body)) {
      String name = "";
      for (JsonToken t = parser.nextToken(); t != null; t = parser.nextToken()) {
        if (t == JsonToken.FIELD_NAME) {
          name = parser.currentName();
        } else if (t == JsonToken.VALUE_STRING && name.equals("expectedSequenceToken")) {
          return parser.getText();
        }
      }
    } catch (IOException e) {
      return null;
    }
    return null;
  }
}
