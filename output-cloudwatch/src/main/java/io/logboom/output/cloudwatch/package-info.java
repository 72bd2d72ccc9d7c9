/**
 * Delivers to Amazon CloudWatch Logs.
 *
 * <pre>
 *   records -> Destinations -> Plan (by stream, in time order) -> EventText -> PutBody -> Api
 *              which stream                                       message      rules     sign, send
 * </pre>
 */
@NullMarked
package io.logboom.output.cloudwatch;

import org.jspecify.annotations.NullMarked;
