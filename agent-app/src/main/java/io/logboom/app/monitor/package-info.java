/**
 * What the agent shows of itself over HTTP: its metrics, its health, and Fluent Bit's endpoints
 * with Fluent Bit's names and shapes.
 */
@NullMarked
package io.logboom.app.monitor;

import org.jspecify.annotations.NullMarked;
