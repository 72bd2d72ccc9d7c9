package io.logboom.input.tail;

import org.jspecify.annotations.Nullable;

/**
 * @param refreshNanos how often the patterns are looked through whatever the kernel tells
 * @param checkNanos how often followed paths are looked at whatever the kernel tells
 * @param readFromHead whether files that are there at the first start are read from their start
 * @param readNewFromHead whether files that appear later are read from their start
 * @param ignoreOlderMillis files not changed for so long are left alone; 0 for none
 * @param dropOlder whether that holds for files that are open too
 * @param ownPod the pod whose containers' files are left alone, since they are the agent's own;
 *     null for none
 */
record WatchSettings(
    long refreshNanos,
    long checkNanos,
    boolean readFromHead,
    boolean readNewFromHead,
    long ignoreOlderMillis,
    boolean dropOlder,
    @Nullable String ownPod) {

  /** Whether the path is a log of the agent's own pod. */
  boolean isOwn(String path) {
    return ownPod != null
        && (path.contains("/" + ownPod + "_") || path.contains("_" + ownPod + "_"));
  }
}
