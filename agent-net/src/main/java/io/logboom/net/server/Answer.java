package io.logboom.net.server;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a handler says.
 *
 * @param contentType empty for none
 * @param headers further ones; length and connection are the server's
 */
public record Answer(int status, String contentType, byte[] body, Map<String, String> headers) {
  private static final byte[] NOTHING = new byte[0];

  public static Answer empty(int status) {
    return new Answer(status, "", NOTHING, Map.of());
  }

  public static Answer text(int status, String contentType, String body) {
    return new Answer(status, contentType, body.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  public static Answer json(int status, String body) {
    return text(status, "application/json", body);
  }
}
