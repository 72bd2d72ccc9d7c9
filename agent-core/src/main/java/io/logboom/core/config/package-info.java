/**
 * From files to a bound configuration: classic and YAML syntax are read into one tree that keeps
 * file, line and column of every key and value; the tree is bound to the options' records, and from
 * the same records come the reference pages, the JSON Schema and {@code explain}.
 */
@NullMarked
package io.logboom.core.config;

import org.jspecify.annotations.NullMarked;
