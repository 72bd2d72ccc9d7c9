package io.logboom.core.config;

/** What a file of configuration has. */
enum FileKind {
  MAIN("the main file"),
  PARSERS("a parsers file"),
  UPSTREAM("an upstream file");

  private final String text;

  FileKind(String text) {
    this.text = text;
  }

  /** For messages. */
  @Override
  public String toString() {
    return text;
  }
}
