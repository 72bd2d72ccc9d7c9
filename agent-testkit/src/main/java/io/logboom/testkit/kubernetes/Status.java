package io.logboom.testkit.kubernetes;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The {@code Status} object with which the API server says no. */
final class Status {
  private Status() {}

  static ObjectNode of(int code, String message) {
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
    status
        .put("status", "Failure")
        .put("message", message)
        .put("reason", reason(code))
        .put("code", code);
    return status;
  }

  private static String reason(int code) {
    return switch (code) {
      case 400 -> "BadRequest";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "NotFound";
      case 410 -> "Expired";
      case 429 -> "TooManyRequests";
      case 504 -> "Timeout";
      default -> "InternalError";
    };
  }
}
