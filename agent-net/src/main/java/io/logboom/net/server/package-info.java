/**
 * A small HTTP/1.1 server for short answers: monitoring, health. One thread of its own, so that it
 * answers whatever the rest of the process does.
 */
@NullMarked
package io.logboom.net.server;

import org.jspecify.annotations.NullMarked;
