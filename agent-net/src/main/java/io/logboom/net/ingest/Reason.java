package io.logboom.net.ingest;

/** Why a request was not taken, or a connection ended. Each may be counted under its label. */
public enum Reason {
  NONE("none"),
  MALFORMED("malformed"),
  HEAD_TOO_LARGE("head_too_large"),
  VERSION("version"),
  EXPECTATION("expectation"),
  METHOD("method"),
  UNAUTHORIZED("unauthorized"),
  CONTENT_TYPE("content_type"),
  CONTENT_ENCODING("content_encoding"),
  TOO_LARGE("too_large"),
  COMPRESSION("compression"),
  RECORDS("records"),
  FULL("full"),
  NOT_DELIVERED("not_delivered"),
  NOT_IN_TIME("not_in_time"),
  SLOW("slow"),
  SHUTDOWN("shutdown"),
  TOO_MANY("too_many_connections"),
  TLS("tls"),
  BROKEN("broken"),
  UNREAD("answers_unread"),
  INTERNAL("internal");

  private final String label;

  Reason(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
