package io.logboom.api.plugin;

/** A kind of input. */
public non-sealed interface InputPlugin<C extends Record> extends Plugin<C, Input> {
  /**
   * Whether its records can have tags that the {@code tag} option does not tell, such as a
   * client's. Where not, a match that fits no tag is found before the start.
   */
  default boolean setsTags(C config) {
    return false;
  }

  /**
   * Whether the option {@code tag} has a default, the input's word and number, such as {@code
   * tail.0}. Not where records come with tags, which a tag that is given replaces.
   */
  default boolean hasDefaultTag() {
    return true;
  }
}
