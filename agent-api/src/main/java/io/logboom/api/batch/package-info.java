/** A batch of records: slices of one slab of bytes, and what is known of where they came from. */
@NullMarked
package io.logboom.api.batch;

import org.jspecify.annotations.NullMarked;
