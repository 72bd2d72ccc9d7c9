/**
 * What outputs share that send records in requests: who sends, what is known of the receiver, and
 * what became of each record.
 */
@NullMarked
package io.logboom.net.send;

import org.jspecify.annotations.NullMarked;
