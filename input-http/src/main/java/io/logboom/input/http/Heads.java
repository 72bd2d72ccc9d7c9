package io.logboom.input.http;

import io.logboom.net.ingest.Answer;
import io.logboom.net.ingest.Reason;
import io.logboom.net.ingest.RequestHead;
import org.jspecify.annotations.Nullable;

/** What the input asks of a request's head, and what it reads from there. */
final class Heads {
  private static final int MOST_ADDRESS = 256;
  private static final String FORWARDED_FOR = "X-Forwarded-For";

  private final Rules rules;

  Heads(Rules rules) {
    this.rules = rules;
  }

  /** An answer without a look at the body; null where the body is to come. */
  @Nullable Answer early(RequestHead head) {
    String path = head.path();
    if (!path.startsWith("/")) {
      return Answer.refused(400, Reason.MALFORMED, "the path does not begin with /");
    }
    if (rules.health() && head.method().equals("GET") && path.equals("/health")) {
      return Answer.of(200, "application/json", "{\"status\":\"ok\"}\n");
    }
    Credentials expected = rules.credentials();
    if (expected != null && !expected.are(head.header("Authorization"))) {
      return Answer.refused(401, Reason.UNAUTHORIZED, "a user and a password are needed")
          .with("WWW-Authenticate: Basic realm=\"logboom\", charset=\"UTF-8\"");
    }
    if (!head.method().equals("POST")) {
      return Answer.refused(405, Reason.METHOD, "records come with POST").with("Allow: POST");
    }
    if (path.length() > Origins.MOST_TAG) {
      return Answer.refused(
          414, Reason.HEAD_TOO_LARGE, "a tag has no more than " + Origins.MOST_TAG + " bytes");
    }
    if (BodyType.of(head.header("Content-Type")) == null) {
      return Answer.refused(415, Reason.CONTENT_TYPE, "Content-Type must be one of " + BodyType.ALL)
          .with("Accept: " + BodyType.ALL);
    }
    if (ContentCoding.of(head.headers("Content-Encoding")) == null) {
      return Answer.refused(
              415, Reason.CONTENT_ENCODING, "Content-Encoding must be one of " + ContentCoding.ALL)
          .with("Accept-Encoding: " + ContentCoding.ALL);
    }
    return null;
  }

  ContentCoding coding(RequestHead head) {
    ContentCoding coding = ContentCoding.of(head.headers("Content-Encoding"));
    return coding == null ? ContentCoding.IDENTITY : coding;
  }

  BodyType type(RequestHead head) {
    BodyType type = BodyType.of(head.header("Content-Type"));
    return type == null ? BodyType.JSON : type;
  }

  /** What records tell as the client's address. */
  String address(RequestHead head) {
    String forwarded = rules.addressKey() == null ? null : head.header(FORWARDED_FOR);
    if (forwarded == null) {
      return head.peer();
    }
    int comma = forwarded.indexOf(',');
    String first = (comma < 0 ? forwarded : forwarded.substring(0, comma)).strip();
    return first.isEmpty() || first.length() > MOST_ADDRESS ? head.peer() : first;
  }
}
