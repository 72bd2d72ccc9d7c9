/** The main class of a server that speaks S3's API, which tests run in a process of its own. */
@NullMarked
package io.logboom.testkit.s3proxy;

import org.jspecify.annotations.NullMarked;
