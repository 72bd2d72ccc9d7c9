/** Text as bytes: regular expressions, and the joining of lines that belong together. */
@NullMarked
package io.logboom.api.text;

import org.jspecify.annotations.NullMarked;
