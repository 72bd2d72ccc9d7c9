/** The SPI: what an input, a filter and an output are, and what the engine promises them. */
@NullMarked
package io.logboom.api.plugin;

import org.jspecify.annotations.NullMarked;
