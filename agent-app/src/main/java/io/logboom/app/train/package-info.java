/** The training run, whose profile and classes make the AOT cache. */
@NullMarked
package io.logboom.app.train;

import org.jspecify.annotations.NullMarked;
