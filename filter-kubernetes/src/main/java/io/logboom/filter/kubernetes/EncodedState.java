package io.logboom.filter.kubernetes;

import org.jspecify.annotations.Nullable;

/** What a fragment was encoded from. Equal states give equal fragments. */
record EncodedState(
    LogName log, @Nullable Pod pod, @Nullable Namespace namespace, @Nullable String node) {}
