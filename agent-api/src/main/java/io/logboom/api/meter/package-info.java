/**
 * Meters as a plugin sees them: an enum entry with a unit and a sentence, and handles to count
 * with.
 */
@NullMarked
package io.logboom.api.meter;

import org.jspecify.annotations.NullMarked;
