package io.logboom.filter.kubernetes;

import org.jspecify.annotations.Nullable;

/**
 * What a pod's status says of one container.
 *
 * @param image as the runtime reports it, else as the pod asks for it
 * @param imageId without its scheme
 * @param id the runtime's id of the present container, without its scheme
 * @param lastId that of the one before it
 */
record Container(
    String name,
    @Nullable String image,
    @Nullable String imageId,
    @Nullable String id,
    @Nullable String lastId) {
  boolean hasId(String wanted) {
    return wanted.equals(id) || wanted.equals(lastId);
  }
}
