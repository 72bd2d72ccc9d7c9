/**
 * The Forward protocol, version 1, as both ends see it: entries and their times, the options of a
 * frame, the handshake, acknowledgements.
 *
 * <pre>
 *   Message                  [tag, time, record, option?]
 *   Forward                  [tag, [[time, record], ...], option?]
 *   PackedForward            [tag, bin or str with [time, record]..., option?]
 *   CompressedPackedForward  [tag, bin or str with the same compressed, option]
 *
 *   time    seconds as an integer, or EventTime; or [time, metadata]
 *   option  {"chunk": id, "size": entries, "compressed": "gzip", "fluent_signal": 0}, or nil
 *   ack     {"ack": id}
 * </pre>
 */
@NullMarked
package io.logboom.net.forward;

import org.jspecify.annotations.NullMarked;
