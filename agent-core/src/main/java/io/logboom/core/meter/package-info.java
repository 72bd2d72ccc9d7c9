/** Meters over Micrometer: what plugins and the engine count with, and what a scrape reads. */
@NullMarked
package io.logboom.core.meter;

import org.jspecify.annotations.NullMarked;
