/** What the threads of all inputs that listen do with their batches. */
@NullMarked
package io.logboom.net.lane;

import org.jspecify.annotations.NullMarked;
