/**
 * Records that an output will never take, kept on disk with the reason until an operator replays or
 * drops them. {@code docs/reference/letter-format.md} is the format; {@link
 * io.logboom.core.deadletter.DeadLetters} is the agent's side, {@link
 * io.logboom.core.deadletter.LetterBox} that of a command beside it.
 */
@NullMarked
package io.logboom.core.deadletter;

import org.jspecify.annotations.NullMarked;
