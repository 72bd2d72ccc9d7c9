/** AWS's services for credentials as the agent meets them, and the check of a signature. */
@NullMarked
package io.logboom.testkit.aws;

import org.jspecify.annotations.NullMarked;
