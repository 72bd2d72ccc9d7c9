package io.logboom.it.node;

/**
 * When and how a container's file is rotated.
 *
 * @param bytes rotates when the file has reached this size
 * @param keep how many rotated files stay; the oldest goes
 * @param how rename or copy
 * @param compress whether every rotated file but the newest is compressed, as the kubelet does
 */
public record Rotation(long bytes, int keep, How how, boolean compress) {
  /** What happens to the file that is full. */
  public enum How {
    /** As the kubelet: it gets another name, and the runtime opens a new file. */
    RENAME,
    /** As logrotate's copytruncate: it is copied, then emptied. */
    COPY_TRUNCATE
  }

  /** No rotation in the time of a test. */
  public static final Rotation NONE = new Rotation(Long.MAX_VALUE, 5, How.RENAME, false);

  public static Rotation renaming(long bytes, int keep) {
    return new Rotation(bytes, keep, How.RENAME, false);
  }
}
