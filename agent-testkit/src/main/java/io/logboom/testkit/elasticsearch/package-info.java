/** Elasticsearch and OpenSearch for tests: a real node, and a fake that fails on purpose. */
@NullMarked
package io.logboom.testkit.elasticsearch;

import org.jspecify.annotations.NullMarked;
