/** Reading single values out of records: Fluent Bit's record accessor. */
@NullMarked
package io.logboom.api.record;

import org.jspecify.annotations.NullMarked;
