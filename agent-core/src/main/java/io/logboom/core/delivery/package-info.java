/** What stands between a ring and an output: collecting, sending, retry, splitting, settlement. */
@NullMarked
package io.logboom.core.delivery;

import org.jspecify.annotations.NullMarked;
