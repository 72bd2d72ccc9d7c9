package io.logboom.app.cli;

import org.jspecify.annotations.Nullable;

/** The flags of Fluent Bit's command line, in the order of its help, and a few of our own. */
enum Flag {
  STORAGE_PATH('b', "storage_path", "PATH", "the directory for what is kept on disk"),
  CONFIG('c', "config", "FILE", "the configuration file (.yaml, .yml: YAML; else classic)"),
  DAEMON('d', "daemon", null, null),
  DRY_RUN('D', "dry-run", null, "read and check the configuration, then exit (0 or 2)"),
  FLUSH('f', "flush", "SECONDS", "how long records may wait for company (default: 1)"),
  CUSTOM('C', "custom", "CUSTOM", null),
  INPUT('i', "input", "INPUT", "add an input"),
  PROCESSOR('r', "processor", "PROCESSOR", null),
  FILTER('F', "filter", "FILTER", "add a filter"),
  MATCH('m', "match", "MATCH", "the match of the last filter or output, as '-p match=abc'"),
  OUTPUT('o', "output", "OUTPUT", "add an output"),
  PROPERTY('p', "prop", "\"A=B\"", "an option of the last plugin"),
  PARSER('R', "parser", "FILE", "a file with parsers"),
  PLUGIN('e', "plugin", "FILE", null),
  LOG_FILE('l', "log_file", "FILE", "the file for the agent's own log"),
  TAG('t', "tag", "TAG", "the tag of the last plugin, as '-p tag=abc'"),
  TASK('T', "sp-task", "SQL", null),
  VERBOSE('v', "verbose", null, "log more: -v debug, -vv trace"),
  CHUNK_TRACE('Z', "enable-chunk-trace", null, null),
  TRACE('\0', "trace", "SETUP", null),
  TRACE_INPUT('\0', "trace-input", "INPUT", null),
  TRACE_OUTPUT('\0', "trace-output", "OUTPUT", null),
  TRACE_PROPERTY('\0', "trace-output-property", "\"A=B\"", null),
  WORKDIR('w', "workdir", "DIR", "the working directory"),
  HTTP('H', "http", null, "switch the monitoring server on (it is by default)"),
  HTTP_SERVER('H', "http_server", null, null),
  LISTEN('L', "http_listen", "ADDRESS", "the monitoring server's address (default: 0.0.0.0)"),
  PORT('P', "port", "PORT", "the monitoring server's port (default: 2020)"),
  HTTP_PORT('P', "http_port", "PORT", null),
  STACK('s', "coro_stack_size", "BYTES", null),
  QUIET('q', "quiet", null, "log nothing"),
  SUPPORT('S', "sosreport", null, null),
  RELOAD('Y', "enable-hot-reload", null, null),
  SIDECAR('\0', "sidecar", null, "stand beside an application, and end with it"),
  DONE_FILE(
      '\0', "done-file", "FILE", "the sidecar's application has ended when this file is there"),
  GRACE('\0', "grace", "SECONDS", "how long a stop may take (default: 5; 25 for a sidecar)"),
  FIPS('\0', "enable-fips", null, null),
  UNSAFE_RELOAD('W', "disable-thread-safety-on-hot-reload", null, null),
  SUPERVISOR('\0', "supervisor", null, null),
  SCHEMA('J', "help-json", null, "print the JSON Schema of the configuration"),
  VERSION('V', "version", null, "print the version"),
  HELP('h', "help", null, "print this help; after -i, -F or -o the plugin's options");

  private final char letter;
  private final String word;
  private final @Nullable String argument;
  private final @Nullable String text;

  Flag(char letter, String word, @Nullable String argument, @Nullable String text) {
    this.letter = letter;
    this.word = word;
    this.argument = argument;
    this.text = text;
  }

  /** The short form; NUL where there is none. */
  char letter() {
    return letter;
  }

  /** The long form. */
  String word() {
    return word;
  }

  boolean takesArgument() {
    return argument != null;
  }

  /** What the user would call it. */
  String shown() {
    return letter == 0 ? "--" + word : "-" + letter;
  }

  /** The flags as a table, for {@code --help}. */
  static String table() {
    StringBuilder out = new StringBuilder();
    for (Flag flag : values()) {
      if (flag.text == null) {
        continue;
      }
      StringBuilder left = new StringBuilder("  ");
      left.append(flag.letter == 0 ? "    --" : "-" + flag.letter + ", --");
      left.append(flag.word);
      if (flag.argument != null) {
        left.append('=').append(flag.argument);
      }
      left.repeat(' ', Math.max(1, 30 - left.length()));
      out.append(left).append(flag.text).append('\n');
    }
    return out.toString();
  }
}
