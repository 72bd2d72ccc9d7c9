/** The one budget for record bytes: a pool of slabs that batches stand on. */
@NullMarked
package io.logboom.core.memory;

import org.jspecify.annotations.NullMarked;
