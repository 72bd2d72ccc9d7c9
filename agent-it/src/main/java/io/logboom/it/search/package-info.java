/** Asks an OpenSearch what has arrived in it. */
@NullMarked
package io.logboom.it.search;

import org.jspecify.annotations.NullMarked;
