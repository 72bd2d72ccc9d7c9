/** The main class of a real OpenSearch node, which tests run in a process of its own. */
@NullMarked
package io.logboom.testkit.opensearch;

import org.jspecify.annotations.NullMarked;
