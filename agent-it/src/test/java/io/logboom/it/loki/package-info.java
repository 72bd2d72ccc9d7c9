/** The loki output of the packaged program. */
@NullMarked
package io.logboom.it.loki;

import org.jspecify.annotations.NullMarked;
