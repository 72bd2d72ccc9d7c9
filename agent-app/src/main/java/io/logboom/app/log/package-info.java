/**
 * The agent's own log: lines as Fluent Bit writes them, set up in code, and never more than a
 * trickle, since an agent that tails its own output must not feed itself.
 */
@NullMarked
package io.logboom.app.log;

import org.jspecify.annotations.NullMarked;
