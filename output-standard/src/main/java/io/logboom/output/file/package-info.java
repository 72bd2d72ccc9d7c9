/**
 * The output {@code file}: appends records to files, which it rotates.
 *
 * <p>{@link FileOutput} sorts the records of a send by their files ({@link FileNames}), encodes
 * them ({@link LineEncoder}), and appends to each file what is for it ({@link Appender}), after
 * {@link Rotation} has looked at it.
 */
@NullMarked
package io.logboom.output.file;

import org.jspecify.annotations.NullMarked;
