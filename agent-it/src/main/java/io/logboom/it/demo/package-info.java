/** The demonstration: a node's logs, enriched, in a real OpenSearch, on this machine alone. */
@NullMarked
package io.logboom.it.demo;

import org.jspecify.annotations.NullMarked;
