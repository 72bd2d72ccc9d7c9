package io.logboom.core.deadletter;

import io.logboom.api.batch.Batch;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter, as a command sees it.
 *
 * @param id its number; no other letter of the directory ever has it
 * @param time when it was written
 * @param output the instance that could not deliver it
 * @param reason why
 * @param record a batch with the one record; null where it cannot be read
 */
public record Letter(long id, Instant time, String output, String reason, @Nullable Batch record) {}
