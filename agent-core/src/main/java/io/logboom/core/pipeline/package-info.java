/** Batches on their way: intake, filters, routing, settlement, shutdown. */
@NullMarked
package io.logboom.core.pipeline;

import org.jspecify.annotations.NullMarked;
