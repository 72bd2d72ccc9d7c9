/**
 * What is sent, in pooled pieces of bounded size, compressed or not, so that no message is ever in
 * memory as a whole twice.
 */
@NullMarked
package io.logboom.net.body;

import org.jspecify.annotations.NullMarked;
