package io.logboom.net.send;

import java.io.IOException;

/** Gives each request its {@link Pass}. Safe for all threads. */
public interface Passes extends AutoCloseable {
  /** No request needs one. */
  Passes NONE =
      new Passes() {
        @Override
        public Pass next() {
          return Pass.NONE;
        }

        @Override
        public void close() {}
      };

  /**
   * For one request. May wait for whoever gives them.
   *
   * @throws IOException where there is none now: nothing was sent, and is to be sent again later
   */
  Pass next() throws IOException, InterruptedException;

  @Override
  void close();
}
