/**
 * MessagePack on byte arrays: reading values one by one, finding where they end, and turning maps
 * into JSON. No object is made for a value.
 *
 * <p>All methods that go through bytes return the index behind what they read, or one of the
 * negative codes in {@link io.logboom.net.msgpack.MsgPack}.
 */
@NullMarked
package io.logboom.net.msgpack;

import org.jspecify.annotations.NullMarked;
