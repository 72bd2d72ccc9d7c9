package io.logboom.app.cli;

/** Which program this is. */
final class Version {
  /** The release whose command line, configuration and endpoints this one has. */
  static final String COMPATIBLE = "5.1";

  private Version() {}

  /** From the jar's manifest; {@code dev} where the classes are not in a jar. */
  static String number() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }

  /** For {@code --version}. */
  static String text() {
    return "Logboom v"
        + number()
        + "\nReads the configuration and the command line of Fluent Bit "
        + COMPATIBLE
        + ".\nJava "
        + Runtime.version()
        + "\n";
  }
}
