/** A stand-in for CloudWatch Logs that enforces the service's rules. */
@NullMarked
package io.logboom.testkit.cloudwatch;

import org.jspecify.annotations.NullMarked;
