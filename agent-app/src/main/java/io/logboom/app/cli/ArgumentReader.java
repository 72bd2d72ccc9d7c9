package io.logboom.app.cli;

import io.logboom.app.cli.RunArguments.Kind;
import io.logboom.app.cli.RunArguments.Mode;
import io.logboom.app.cli.RunArguments.Plugin;
import io.logboom.app.cli.RunArguments.Property;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads Fluent Bit's command line. Flags apply in their order: {@code -p}, {@code -m} and {@code
 * -t} to the plugin before them, {@code -h} too; {@code -V}, {@code -h} and {@code -J} end the
 * reading. A flag that cannot be honoured is refused, not ignored.
 */
final class ArgumentReader {
  private @Nullable String config;
  private @Nullable String workdir;
  private final List<Property> service = new ArrayList<>();
  private final List<Plugin> plugins = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private @Nullable Kind kind;
  private List<Property> properties = new ArrayList<>();
  private boolean dryRun;
  private int verbose;
  private boolean quiet;

  private ArgumentReader() {}

  static RunArguments read(List<String> arguments) throws UsageException {
    return new ArgumentReader().all(new GetOpt(arguments));
  }

  private RunArguments all(GetOpt flags) throws UsageException {
    Mode end = null;
    while (end == null) {
      GetOpt.Found found = flags.read();
      if (found == null) {
        break;
      }
      end = one(found);
    }
    boolean help = end == Mode.HELP && kind != null;
    closePlugin();
    if (quiet) {
      service.add(new Property("log_level", "off"));
    } else if (verbose > 0) {
      service.add(new Property("log_level", verbose == 1 ? "debug" : "trace"));
    }
    Mode mode = end != null ? end : dryRun ? Mode.DRY_RUN : Mode.RUN;
    return new RunArguments(
        help ? Mode.PLUGIN_HELP : mode, config, workdir, service, plugins, notes);
  }

  /** Takes one flag; not null where it ends the reading. */
  private @Nullable Mode one(GetOpt.Found found) throws UsageException {
    Flag flag = found.flag();
    switch (flag) {
      case CONFIG -> config = found.value();
      case WORKDIR -> workdir = found.value();
      case DRY_RUN -> dryRun = true;
      case VERBOSE -> verbose++;
      case QUIET -> quiet = true;
      case INPUT -> openPlugin(Kind.INPUT, found.value());
      case FILTER -> openPlugin(Kind.FILTER, found.value());
      case OUTPUT -> openPlugin(Kind.OUTPUT, found.value());
      case PROPERTY -> property(found.value());
      case MATCH -> match(found.value());
      case TAG -> plugin(flag).add(new Property("tag", found.value()));
      case STORAGE_PATH -> service("storage.path", found.value());
      case FLUSH -> service("flush", found.value());
      case LOG_FILE -> service("log_file", found.value());
      case PARSER -> service("parsers_file", found.value());
      case HTTP, HTTP_SERVER -> service("http_server", "on");
      case LISTEN -> service("http_listen", found.value());
      case PORT, HTTP_PORT -> service("http_port", found.value());
      case SIDECAR -> service("sidecar", "on");
      case DONE_FILE -> {
        service("sidecar", "on");
        service("sidecar.done_file", found.value());
      }
      case GRACE -> service("grace", found.value());
      case RELOAD -> service("hot_reload", "on");
      case VERSION -> {
        return Mode.VERSION;
      }
      case HELP -> {
        return Mode.HELP;
      }
      case SCHEMA -> {
        return Mode.SCHEMA;
      }
      default -> withoutEffect(flag);
    }
    return null;
  }

  private void withoutEffect(Flag flag) throws UsageException {
    String why =
        switch (flag) {
          case STACK -> "there are no coroutines here";
          case UNSAFE_RELOAD -> "a reload is always safe";
          case SUPERVISOR -> "Kubernetes or the service manager restarts the agent";
          default -> null;
        };
    if (why != null) {
      notes.add(flag.shown() + " has no effect: " + why);
      return;
    }
    throw new UsageException(
        flag.shown()
            + switch (flag) {
              case DAEMON ->
                  ": the agent does not go to the background; let systemd, a container or"
                      + " 'nohup ... &' run it";
              case PLUGIN -> ": plugins for Fluent Bit (shared libraries) cannot be loaded";
              case CUSTOM, PROCESSOR -> ": there are no plugins of this kind";
              case TASK -> ": there is no stream processor";
              case FIPS -> ": there is no FIPS mode; use a Java runtime that has one";
              case SUPPORT -> ": there is no such report; see 'logboom explain' and /metrics";
              default -> ": tracing of chunks is not supported";
            });
  }

  private void service(String key, String value) {
    service.add(new Property(key, value));
  }

  private void openPlugin(Kind next, String name) {
    closePlugin();
    kind = next;
    properties = new ArrayList<>(List.of(new Property("name", name)));
  }

  private void closePlugin() {
    if (kind != null) {
      plugins.add(new Plugin(kind, properties));
      kind = null;
    }
  }

  private List<Property> plugin(Flag flag) throws UsageException {
    if (kind == null) {
      throw new UsageException(flag.shown() + " must stand behind -i, -F or -o");
    }
    return properties;
  }

  private void property(String value) throws UsageException {
    int equals = value.indexOf('=');
    if (equals < 1) {
      throw new UsageException("-p needs name=value, found '" + value + "'");
    }
    plugin(Flag.PROPERTY)
        .add(new Property(value.substring(0, equals).strip(), value.substring(equals + 1)));
  }

  private void match(String value) throws UsageException {
    List<Property> open = plugin(Flag.MATCH);
    if (kind == Kind.INPUT) {
      throw new UsageException("-m must stand behind -F or -o: an input has no match");
    }
    open.add(new Property("match", value));
  }
}
