package io.logboom.net.ingest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client is told.
 *
 * @param reason why its request is refused; NONE where it is not
 * @param text the body; a line for a person where the request is refused
 * @param headers further headers, each as {@code Name: value}
 * @param closes whether the connection ends with it
 */
public record Answer(
    int status,
    Reason reason,
    String contentType,
    String text,
    List<String> headers,
    boolean closes) {
  private static final String TEXT = "text/plain; charset=utf-8";

  public Answer {
    headers = List.copyOf(headers);
  }

  /** The request is done. */
  public static Answer done(int status, List<String> headers) {
    return new Answer(status, Reason.NONE, "", "", headers, false);
  }

  /** A document. */
  public static Answer of(int status, String contentType, String text) {
    return new Answer(status, Reason.NONE, contentType, text, List.of(), false);
  }

  /** The request cannot be taken as it is. */
  public static Answer refused(int status, Reason reason, String text) {
    return new Answer(status, reason, TEXT, text + "\n", List.of(), false);
  }

  /** The request cannot be taken now; the client is to send it again after a second. */
  public static Answer later(Reason reason, String text) {
    return refused(503, reason, text).with("Retry-After: 1");
  }

  /** With one more header. */
  public Answer with(String header) {
    List<String> all = new ArrayList<>(headers);
    all.add(header);
    return new Answer(status, reason, contentType, text, all, closes);
  }

  /** As the last one of its connection. */
  public Answer closing() {
    return new Answer(status, reason, contentType, text, headers, true);
  }

  /**
   * As it is sent.
   *
   * @param last whether the connection ends with it
   * @param keeps whether the client has to be told that it does not
   * @param bare whether the body is left out, as for HEAD
   */
  byte[] bytes(String date, boolean last, boolean keeps, boolean bare) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    StringBuilder head = new StringBuilder(160);
    head.append("HTTP/1.1 ").append(status).append(' ').append(phrase(status)).append("\r\n");
    head.append("Date: ").append(date).append("\r\n");
    if (status != 204) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    if (body.length > 0) {
      head.append("Content-Type: ").append(contentType).append("\r\n");
    }
    for (String each : headers) {
      head.append(each).append("\r\n");
    }
    if (last) {
      head.append("Connection: close\r\n");
    } else if (keeps) {
      head.append("Connection: keep-alive\r\n");
    }
    byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    if (bare || body.length == 0 || status == 204) {
      return start;
    }
    byte[] all = new byte[start.length + body.length];
    System.arraycopy(start, 0, all, 0, start.length);
    System.arraycopy(body, 0, all, start.length, body.length);
    return all;
  }

  private static String phrase(int status) {
    return switch (status) {
      case 200 -> "OK";
      case 201 -> "Created";
      case 204 -> "No Content";
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 408 -> "Request Timeout";
      case 413 -> "Content Too Large";
      case 414 -> "URI Too Long";
      case 415 -> "Unsupported Media Type";
      case 417 -> "Expectation Failed";
      case 431 -> "Request Header Fields Too Large";
      case 500 -> "Internal Server Error";
      case 501 -> "Not Implemented";
      case 503 -> "Service Unavailable";
      case 505 -> "HTTP Version Not Supported";
      default -> "";
    };
  }
}
