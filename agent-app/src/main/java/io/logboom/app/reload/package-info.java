/**
 * Brings changed configuration into effect while the agent runs: who asks for it, when, and what
 * came of it. How the engine changes is {@link io.logboom.core.assembly.Agent#reload}.
 */
@NullMarked
package io.logboom.app.reload;

import org.jspecify.annotations.NullMarked;
