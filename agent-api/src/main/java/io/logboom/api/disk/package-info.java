/** Files that are kept: what stands between the agent's promises and the machine's disk. */
@NullMarked
package io.logboom.api.disk;

import org.jspecify.annotations.NullMarked;
