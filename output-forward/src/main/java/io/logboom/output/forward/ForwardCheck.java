package io.logboom.output.forward;

import io.logboom.api.plugin.Problems;
import io.logboom.api.record.Accessor;
import io.logboom.net.HostPort;
import io.logboom.net.tls.Tls;
import io.logboom.net.tls.TlsOptions;
import java.util.List;

/** The rules between options. */
final class ForwardCheck {
  private static final List<String> OWN = List.of("chunk", "size", "compressed", "fluent_signal");
  private static final int LONGEST_SOCKET = 107;

  private ForwardCheck() {}

  static void check(ForwardConfig config, Problems problems) {
    Tls.check(config.tls(), problems);
    target(config, problems);
    frames(config.frames(), problems);
    security(config.security(), problems);
    if (config.compatible().retainMetadataInForwardMode()) {
      problems.warning(
          "retain_metadata_in_forward_mode",
          "has no effect: records have no metadata here, and go as [time, record]",
          "");
    }
  }

  private static void target(ForwardConfig config, Problems problems) {
    ForwardConfig.Target target = config.target();
    if (target.upstream() != null) {
      upstream(config, problems);
      return;
    }
    if (target.unixPath() == null) {
      if (HostPort.parse(target.host(), target.port()) == null) {
        problems.error(
            "host", "is no host name or address", "host: logs.example.com and port: 24224");
      }
      return;
    }
    if (target.unixPath().toString().length() > LONGEST_SOCKET) {
      problems.error(
          "unix_path",
          "has more than " + LONGEST_SOCKET + " characters, which no socket may have",
          "");
    }
    if (config.tls().on()) {
      problems.error("tls", "is not for unix sockets", "tls: off");
    }
  }

  /** What Fluent Bit would leave out without a word. */
  private static void upstream(ForwardConfig config, Problems problems) {
    String hint = "put it into the [NODE] sections of the upstream file";
    String rule = "has no effect beside upstream: each node has its own";
    ForwardConfig.Security security = config.security();
    if (config.target().unixPath() != null) {
      problems.error("unix_path", "contradicts upstream", "keep one of them");
    }
    if (config.tls().on()) {
      problems.error("tls", rule, hint);
    }
    if (security.sharedKey() != null) {
      problems.error("shared_key", rule, hint);
    }
    if (security.emptySharedKey()) {
      problems.error("empty_shared_key", rule, hint);
    }
    if (security.username() != null) {
      problems.error("username", rule, hint);
    }
  }

  private static void frames(ForwardConfig.Frames frames, Problems problems) {
    if (frames.tag() != null) {
      for (Accessor each : frames.tag().accessors()) {
        if (each.toString().matches("\\$[0-9]")) {
          problems.error(
              "tag",
              each + " is what a regular expression captured, and there is none",
              "$TAG[" + each.toString().substring(1) + "] is a part of the tag");
        }
      }
      if (frames.tag().toString().isEmpty()) {
        problems.error("tag", "is empty", "leave it out for the records' own tags");
      }
    }
    for (String option : frames.addOption()) {
      int blank = option.indexOf(' ');
      if (blank < 1 || option.substring(blank).isBlank()) {
        problems.error("add_option", "is not a key and a text with a blank between", "key text");
      } else if (OWN.contains(option.substring(0, blank))) {
        problems.error(
            "add_option",
            "'" + option.substring(0, blank) + "' is an option of the protocol itself",
            "another key");
      }
    }
  }

  /**
   * Checks a node of an upstream file.
   *
   * @throws IllegalArgumentException with the first rule that it breaks
   */
  static void check(String host, int port, ForwardConfig.Security security, TlsOptions tls) {
    if (HostPort.parse(host, port) == null) {
      throw new IllegalArgumentException("host is no host name or address");
    }
    Problems first =
        new Problems() {
          @Override
          public void error(String option, String rule, String hint) {
            throw new IllegalArgumentException("option '" + option + "': " + rule);
          }

          @Override
          public void warning(String option, String rule, String hint) {
            // A node is as good as it says.
          }
        };
    Tls.check(tls, first);
    security(security, first);
  }

  private static void security(ForwardConfig.Security security, Problems problems) {
    if (security.sharedKey() != null && security.emptySharedKey()) {
      problems.error("empty_shared_key", "contradicts shared_key", "keep one of them");
    }
    if (security.sharedKey() != null && security.sharedKey().reveal().isEmpty()) {
      problems.error("shared_key", "is empty", "empty_shared_key: on");
    }
    boolean handshake = security.sharedKey() != null || security.emptySharedKey();
    boolean user = security.username() != null || security.password() != null;
    if (user && !handshake) {
      problems.error(
          security.username() != null ? "username" : "password",
          "a user is told in the handshake, and there is none without a key",
          "give shared_key, or empty_shared_key: on");
    }
    if (handshake && (security.username() == null) != (security.password() == null)) {
      problems.error(
          security.username() == null ? "username" : "password",
          "a user has a username and a password",
          "give both, or neither");
    }
  }
}
