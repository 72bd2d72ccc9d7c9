package io.logboom.core.config;

/**
 * An option's value, as it is in effect.
 *
 * @param value as text; a secret is masked
 * @param source the place where it is given, or {@code default}
 */
public record EffectiveOption(String name, String value, String source) {}
