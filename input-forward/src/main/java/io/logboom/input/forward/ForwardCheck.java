package io.logboom.input.forward;

import io.logboom.api.config.Secret;
import io.logboom.api.plugin.Problems;
import io.logboom.net.tls.Tls;

/** The rules between options. */
final class ForwardCheck {
  private ForwardCheck() {}

  static void check(ForwardConfig config, Problems problems) {
    Tls.check(config.tls(), problems);
    unix(config, problems);
    security(config, problems);
    if (config.tag() != null && config.tagPrefix() != null) {
      problems.warning(
          "tag", "has no effect beside tag_prefix, which is put before the senders' tags", "");
    }
    if (config.sizes().bufferChunkSize().compareTo(config.sizes().bufferMaxSize()) > 0) {
      problems.warning(
          "buffer_chunk_size", "is more than buffer_max_size, which bounds a frame", "");
    }
  }

  private static void unix(ForwardConfig config, Problems problems) {
    String path = config.unix().unixPath();
    String permissions = config.unix().unixPerm();
    if (path != null && (path.isEmpty() || path.indexOf('\0') >= 0)) {
      problems.error("unix_path", "is no path", "such as /run/logboom/forward.sock");
    }
    if (path != null && config.connections().workers() > 1) {
      problems.error("workers", "is more than 1, and a unix socket has one", "leave it out");
    }
    if (permissions != null && !permissions.matches("0?[0-7]{3}")) {
      problems.error("unix_perm", "is not three octal digits", "such as 0666");
    }
    if (permissions != null && path == null) {
      problems.warning("unix_perm", "has no effect without unix_path", "");
    }
  }

  private static void security(ForwardConfig config, Problems problems) {
    ForwardConfig.Security security = config.security();
    if (security.sharedKey() != null && security.emptySharedKey()) {
      problems.error("empty_shared_key", "contradicts shared_key", "keep one of them");
    }
    boolean handshake = security.sharedKey() != null || security.emptySharedKey();
    if (!security.users().isEmpty() && !handshake) {
      problems.error(
          "security.users",
          "users are asked for in the handshake, and there is none without a key",
          "give shared_key, or empty_shared_key: on");
    }
    for (Secret user : security.users()) {
      if (User.parse(user) == null) {
        problems.error(
            "security.users", "is not a user and a password with a blank between", "user password");
      }
    }
    if (security.sharedKey() != null && security.sharedKey().reveal().isEmpty()) {
      problems.error("shared_key", "is empty", "empty_shared_key: on");
    }
  }
}
