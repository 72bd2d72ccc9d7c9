package io.logboom.app.cli;

/** What {@code --help} prints: one text for both command lines. */
final class Help {
  private Help() {}

  static String text() {
    return """
    Logboom collects the logs of a node and delivers them.

    Usage: logboom -c FILE [FLAG...]       run, with Fluent Bit's flags (below)
           logboom run -c FILE [FLAG...]   the same
           logboom check FILE              say whether a configuration is right: exit 0 or 2
           logboom explain FILE|NAME       show what is in effect, or describe a plugin or an option
           logboom schema                  print the JSON Schema of YAML configurations
           logboom ledger                  show what became of each record of the running agent
           logboom dead-letters COMMAND    list, show, replay or drop what outputs would not take
           logboom version                 print the version

    Flags:
    """
        + Flag.table();
  }
}
