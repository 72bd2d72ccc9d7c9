/**
 * What the tests of all modules share: a context without an engine, an intake that keeps what it
 * gets, fakes that behave.
 */
@NullMarked
package io.logboom.testkit;

import org.jspecify.annotations.NullMarked;
