package io.logboom.filter.kubernetes;

import org.jspecify.annotations.Nullable;

/** What is kept of a namespace. */
record Namespace(String name, byte @Nullable [] labels, byte @Nullable [] annotations) {}
