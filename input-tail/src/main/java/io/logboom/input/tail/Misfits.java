package io.logboom.input.tail;

import io.logboom.api.time.Timestamps;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a line that is not in its file's format: where it is in the other container
 * format, the file is read as that from here on, which is said once; else it is a plain record.
 */
final class Misfits {
  private static final Logger LOG = LoggerFactory.getLogger(Misfits.class);

  private final Timestamps timestamps;
  private final String instance;
  private final TailCounters counters;
  private final Said said;
  private @Nullable CriFramer cri;
  private @Nullable DockerFramer docker;

  Misfits(Timestamps timestamps, String instance, TailCounters counters, Said said) {
    this.timestamps = timestamps;
    this.instance = instance;
    this.counters = counters;
    this.said = said;
  }

  void framers(CriFramer criFramer, DockerFramer dockerFramer) {
    cri = criFramer;
    docker = dockerFramer;
  }

  /** As {@link Framer#frame} for one line: false where the framer is to stop at it. */
  boolean line(Region region, Framer framer, int i, int end) throws IOException {
    byte[] b = region.bytes();
    TailedFile file = region.file();
    if (framer != cri && cri != null && CriFramer.fits(b, i, end, timestamps)) {
      return change(file, cri, "docker json-file", "CRI (containerd, CRI-O)");
    }
    if (framer != docker && docker != null && docker.fits(b, i, end)) {
      return change(file, docker, "CRI (containerd, CRI-O)", "docker json-file");
    }
    if (!region.plain(i, end)) {
      return false;
    }
    counters.unparsed.add(1);
    if (end > i && said.first("misfit " + file.path())) {
      LOG.warn(
          "{}: {} has a line that is in no container's format; such lines are taken in as they"
              + " are: {}",
          instance,
          file,
          TailedFile.excerpt(b, i, end));
    }
    return true;
  }

  private boolean change(TailedFile file, Framer next, String expected, String found) {
    file.state.framer = next;
    if (said.first("format " + found)) {
      LOG.info(
          "{}: {} is in the format {}, not {} as configured; it is read as what it is, and so is"
              + " every other such file",
          instance,
          file,
          found,
          expected);
    }
    return false;
  }
}
