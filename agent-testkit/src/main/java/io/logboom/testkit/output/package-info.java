/** What every output has to stand: suites that an output's tests extend. */
@NullMarked
package io.logboom.testkit.output;

import org.jspecify.annotations.NullMarked;
