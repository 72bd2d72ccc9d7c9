/** Servers that speak S3's API. */
@NullMarked
package io.logboom.testkit.s3;

import org.jspecify.annotations.NullMarked;
