package io.logboom.input.forward;

/** Why a connection ended; each is counted under its label. */
enum Fault {
  PEER("peer", "the sender closed it"),
  SHUTDOWN("shutdown", "the input ends"),
  RESET("reset", "the connection broke"),
  TLS("tls", "TLS could not be agreed on"),
  TOO_MANY("too_many_connections", "there are max_connections already"),
  HANDSHAKE("handshake", "the handshake failed"),
  HANDSHAKE_TIMEOUT("handshake_timeout", "the handshake took longer than net.accept_timeout"),
  MALFORMED("malformed", "it sent something that is not the Forward protocol"),
  TOO_LARGE("too_large", "it sent more than buffer_max_size"),
  COMPRESSION("compression", "a payload could not be decompressed"),
  SILENT("silent", "it was silent for net.io_timeout in the middle of a frame"),
  SLOW("slow", "a large record took too long while others waited to send theirs"),
  ACKS_UNREAD("acks_unread", "it does not read acknowledgements"),
  NOT_DELIVERED("not_delivered", "records were not delivered; the sender is to send them again"),
  INTERNAL("internal", "a defect of the program");

  final String label;
  final String text;

  Fault(String label, String text) {
    this.label = label;
    this.text = text;
  }

  /** Whether it is the ordinary end of a connection. */
  boolean isPlain() {
    return this == PEER || this == SHUTDOWN;
  }
}
