package io.logboom.net.send;

import io.logboom.net.http.HttpRequest;
import io.logboom.net.http.HttpResponse;

/** What one request is let in with, beside the headers that all have: a signature, a token. */
public interface Pass {
  /** The client's own headers are enough. */
  Pass NONE =
      new Pass() {
        @Override
        public HttpRequest on(HttpRequest request) {
          return request;
        }

        @Override
        public boolean isOutdated(HttpResponse response, String text) {
          return false;
        }
      };

  /** The request with the pass. */
  HttpRequest on(HttpRequest request);

  /**
   * Whether the request was refused for the pass, and may be let in with the next one.
   *
   * @param text the answer's start
   */
  boolean isOutdated(HttpResponse response, String text);
}
