/**
 * JSON on bytes: validation in one pass, escaping, and the encoding of a record, without an object
 * per record.
 */
@NullMarked
package io.logboom.api.json;

import org.jspecify.annotations.NullMarked;
