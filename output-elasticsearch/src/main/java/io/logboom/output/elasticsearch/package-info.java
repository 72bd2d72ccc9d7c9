/**
 * Delivers to Elasticsearch and OpenSearch with {@code _bulk}: documents are spliced from slices
 * without an object per record, and each item of the answer is judged alone.
 */
@NullMarked
package io.logboom.output.elasticsearch;

import org.jspecify.annotations.NullMarked;
