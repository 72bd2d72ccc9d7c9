package io.logboom.core.pipeline;

import io.logboom.core.delivery.Delivery;

/**
 * An output and the tags that it gets.
 *
 * @param delivery the way out
 * @param match which tags it takes
 */
public record Route(Delivery delivery, TagMatch match) {}
