package io.logboom.api.plugin;

import io.logboom.api.batch.Batch;

/**
 * Turns a text body into members: a named parser of the configuration, or a built-in one. An
 * instance has working memory of its own and serves one thread.
 */
public interface Parser {
  /** The name it has in the configuration. */
  String name();

  /**
   * Parses the record's text body. Where that succeeds the record has a JSON body, and the time
   * that was found in it, if any.
   *
   * @return whether it succeeded; if not, the record is unchanged
   */
  boolean parse(Batch batch, int record);
}
