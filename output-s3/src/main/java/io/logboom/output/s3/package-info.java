/**
 * Delivers objects to S3 and what speaks its API.
 *
 * <pre>
 *   records -> S3Encoder -> Draft -> StagingLog -> (flush) -> object files -> Uploads -> S3Api
 *                             |         fsync: delivered        Journal
 *                             '-> Known: which records are staged already
 * </pre>
 *
 * <p>A send is delivered when its records are in the log and the log is flushed to the disk. A
 * keeper thread moves them from there to one file per object, and has objects that are full or due
 * uploaded. The format of the files stands in {@code docs/reference/s3-staging-format.md}.
 */
@NullMarked
package io.logboom.output.s3;

import org.jspecify.annotations.NullMarked;
