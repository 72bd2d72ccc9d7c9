/** The end of an agent that stands beside an application: it comes with the application's. */
@NullMarked
package io.logboom.app.sidecar;

import org.jspecify.annotations.NullMarked;
