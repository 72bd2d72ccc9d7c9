/**
 * Parsers of text bodies: regular expressions, JSON, logfmt, LTSV, and the times in them. Built in
 * and of the configuration.
 */
@NullMarked
package io.logboom.core.parser;

import org.jspecify.annotations.NullMarked;
