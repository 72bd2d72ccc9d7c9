package io.logboom.net.http;

import io.logboom.api.plugin.Outcome;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** No response, or not a whole one. The message is one short sentence with the address. */
public final class HttpFailure extends IOException {
  private final Kind kind;

  /** How far it went. */
  public enum Kind {
    /** No connection: nobody can have acted on the request. */
    UNREACHED,
    /** The connection ended: what became of the request is unknown. */
    BROKEN,
    /** Nothing came within the time limit: what became of the request is unknown. */
    SILENT
  }

  HttpFailure(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /**
   * What an output answers with: another try. Where nobody was reached, that is worth one soon, and
   * costs the receiver nothing.
   */
  public Outcome.Retry retry() {
    String why = String.valueOf(getMessage());
    return kind == Kind.UNREACHED ? Outcome.Retry.unreached(why) : new Outcome.Retry(why);
  }
}
