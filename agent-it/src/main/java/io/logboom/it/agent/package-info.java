/** The packaged agent as a process, and the configurations that it is given. */
@NullMarked
package io.logboom.it.agent;

import org.jspecify.annotations.NullMarked;
