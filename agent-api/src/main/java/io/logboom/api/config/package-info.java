/** How a plugin declares its options: one record, one annotation per option. */
@NullMarked
package io.logboom.api.config;

import org.jspecify.annotations.NullMarked;
