package io.logboom.filter.kubernetes;

import org.jspecify.annotations.Nullable;

/**
 * An object as the API sends it, in an answer or an event.
 *
 * @param version its resource version, of which only equality means something
 * @param pod null where the object is no pod with a name
 * @param namespace the object read as a namespace; null where it has no name
 * @param code of a {@code Status}; 0 for other objects
 * @param message of a {@code Status}
 */
record ApiObject(
    String version, @Nullable Pod pod, @Nullable Namespace namespace, int code, String message) {}
