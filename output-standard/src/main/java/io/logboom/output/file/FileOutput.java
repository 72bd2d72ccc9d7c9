package io.logboom.output.file;

import io.logboom.api.batch.Batch;
import io.logboom.api.json.ByteSink;
import io.logboom.api.meter.Counter;
import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.Output;
import io.logboom.net.send.Groups;
import io.logboom.net.send.Verdict;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends. What is sent at once stands in a file as a whole or not at all, but for a crash in
 * between.
 */
final class FileOutput implements Output {
  private static final Logger LOG = LoggerFactory.getLogger(FileOutput.class);
  private static final int CHUNK = 64 * 1024;

  private final FileConfig.Target target;
  private final String name;
  private final Path directory;
  private final Rotation rotation;
  private final Counter written;
  private final Counter rotations;
  private final Counter failures;
  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by the lock.
  private final LineEncoder encoder;
  private final Groups groups;
  private final Verdict verdict = new Verdict();
  private final Set<String> dynamic = new HashSet<>();
  private final boolean isDynamic;
  private ByteSink sink = ByteSink.growing(CHUNK);

  FileOutput(FileConfig config, Context context) {
    this.target = config.target();
    this.name = context.name();
    this.directory = target.path() == null ? Path.of("") : target.path();
    this.rotation = new Rotation(config.rotation(), context.clock());
    this.written = context.meters().counter(FileMeter.WRITTEN);
    this.rotations = context.meters().counter(FileMeter.ROTATIONS);
    this.failures = context.meters().counter(FileMeter.FAILURES);
    this.encoder = new LineEncoder(config.lines(), context.names());
    this.isDynamic = FileNames.isOfRecords(target.file());
    this.groups = new Groups(new FileNames(target.file(), context.names()), isDynamic);
  }

  @Override
  public Outcome send(List<Batch> batches) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      verdict.clear();
      groups.sort(batches);
      for (int place = 0; place < groups.live(); place++) {
        verdict.expect(groups.number(place));
      }
      for (int group = 0; group < groups.count(); group++) {
        append(group);
      }
      return verdict.outcome();
    } finally {
      groups.clear();
      // One huge record must not keep its memory for ever.
      if (sink.array().length > 4 * CHUNK) {
        sink = ByteSink.growing(CHUNK);
      }
      lock.unlock();
    }
  }

  private void append(int group) throws InterruptedException {
    String file = new String(groups.key(group), StandardCharsets.UTF_8);
    if (!isKnown(file)) {
      settle(group, "it names more files than max_dynamic_files, " + target.maxDynamicFiles());
      return;
    }
    Path path;
    try {
      path = directory.resolve(file);
    } catch (InvalidPathException e) {
      settle(group, "'" + file + "' is no name of a file: " + e.getReason());
      return;
    }
    try {
      rotate(path);
      try (Appender to = new Appender(path, target.mkdir())) {
        all(group, to);
      }
      for (int place = groups.from(group); place < groups.to(group); place++) {
        verdict.arrived(groups.number(place));
      }
    } catch (ClosedByInterruptException e) {
      // The exception's own kind of interrupt is an ordinary one here.
      Thread.interrupted();
      throw new InterruptedException("interrupted while writing to " + path);
    } catch (IOException e) {
      failures.add(1);
      verdict.open(path + " cannot be written: " + why(e));
    }
  }

  private boolean isKnown(String file) {
    if (!isDynamic || target.maxDynamicFiles() == 0 || dynamic.contains(file)) {
      return true;
    }
    return dynamic.size() < target.maxDynamicFiles() && dynamic.add(file);
  }

  private void settle(int group, String why) {
    for (int place = groups.from(group); place < groups.to(group); place++) {
      verdict.reject(groups.number(place), why);
    }
  }

  /** A file that cannot be put aside grows on, and is tried again next time. */
  private void rotate(Path path) throws IOException {
    try {
      if (rotation.before(path)) {
        rotations.add(1);
      }
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      LOG.warn("[{}] {} cannot be rotated: {}", name, path, why(e));
    }
  }

  private void all(int group, Appender to) throws IOException {
    boolean whole = false;
    try {
      sink.position(0);
      if (to.isTorn()) {
        sink.put((byte) '\n');
      }
      for (int place = groups.from(group); place < groups.to(group); place++) {
        int number = groups.number(place);
        Batch batch = groups.batch(number);
        int record = groups.index(number);
        if (place == groups.from(group) && to.isEmpty()) {
          encoder.head(batch, record, sink);
        }
        encoder.write(batch, record, sink);
        if (sink.position() >= CHUNK) {
          flush(to);
        }
      }
      flush(to);
      if (target.sync()) {
        to.sync();
      }
      written.add(to.written());
      whole = true;
    } finally {
      if (!whole) {
        takeBack(to);
      }
    }
  }

  private void flush(Appender to) throws IOException {
    to.write(sink.array(), sink.position());
    sink.position(0);
  }

  private void takeBack(Appender to) {
    // A file cannot be opened by a thread that is interrupted.
    boolean interrupted = Thread.interrupted();
    String why = to.undo();
    if (why != null) {
      LOG.warn("[{}] lines may stand twice in a file: what was begun stays there: {}", name, why);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The system's word for it, without the path that stands before it. */
  private static String why(IOException e) {
    String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    return reason == null ? e.toString() : reason;
  }
}
