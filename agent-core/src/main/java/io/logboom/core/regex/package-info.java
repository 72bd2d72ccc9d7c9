/** Regular expressions: {@link io.logboom.api.text.Regex} on joni, the Java port of Onigmo. */
@NullMarked
package io.logboom.core.regex;

import org.jspecify.annotations.NullMarked;
