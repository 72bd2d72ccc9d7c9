package io.logboom.output.s3;

import io.logboom.api.disk.DiskFile;
import io.logboom.net.body.Segments;
import io.logboom.output.s3.UploadFailure.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Brings one object to where it should be: with one request, or in parts. Each step of an upload in
 * parts is in the journal, so that a later life goes on with it; what it does again overwrites what
 * it did. Safe for all threads.
 */
final class Upload {
  /** S3's bound. */
  private static final int MOST_PARTS = 10_000;

  private final Staging staging;
  private final ObjectStore store;
  private final Settings settings;
  private final Listener listener;

  /**
   * How objects are uploaded.
   *
   * @param partBytes larger objects are uploaded in parts of this size
   * @param whole whether all are uploaded with one request
   * @param uniqueKeys whether no other object ever has the key of one of these
   */
  record Settings(long partBytes, boolean whole, boolean uniqueKeys) {}

  /** Told of what happens. */
  interface Listener {
    void part();

    /** Multipart uploads that a crash may have left cannot be looked for. */
    void cannotLookForUploads(String why);
  }

  Upload(Staging staging, ObjectStore store, Settings settings, Listener listener) {
    this.staging = staging;
    this.store = store;
    this.settings = settings;
    this.listener = listener;
  }

  /** One try. When it returns, the object is there and not here any more. */
  void run(Staged object) throws UploadFailure, InterruptedException, IOException {
    try {
      upload(object);
    } catch (UploadFailure e) {
      if (e.kind() == Kind.BAD_DIGEST) {
        // From here on what is on the disk counts, whatever was written there.
        staging.distrust(object);
      }
      throw e;
    }
    staging.done(object);
  }

  private void upload(Staged object) throws UploadFailure, InterruptedException, IOException {
    // An upload in parts that was begun is gone on with, whatever the options say by now.
    if (object.intended || (!settings.whole && object.length > settings.partBytes)) {
      inParts(object);
    } else {
      try (Piece body = new Piece(object, 0, object.length)) {
        store.put(object.key, object.coding, body.segments, body.sha256);
      }
    }
  }

  private void inParts(Staged object) throws UploadFailure, InterruptedException, IOException {
    try {
      parts(object);
    } catch (UploadFailure e) {
      Multipart begun = object.upload;
      if (begun == null || (e.kind() != Kind.NO_UPLOAD && e.kind() != Kind.BAD_PARTS)) {
        throw e;
      }
      if (e.kind() == Kind.BAD_PARTS) {
        store.abort(object.key, begun.id());
      } else if (settings.uniqueKeys && store.length(object.key) == object.length) {
        return; // Completed, and the answer was lost.
      }
      staging.forget(object);
      throw e;
    }
  }

  private void parts(Staged object) throws UploadFailure, InterruptedException, IOException {
    Multipart begun = object.upload;
    if (begun == null) {
      begun = begin(object);
    }
    long size = object.partBytes;
    int count = Math.toIntExact((object.length + size - 1) / size);
    while (object.parts.size() < count) {
      int number = object.parts.size() + 1;
      long from = (number - 1) * size;
      try (Piece body = new Piece(object, from, Math.min(size, object.length - from))) {
        staging.part(object, store.part(object.key, begun, number, body.segments, body.sha256));
      }
      listener.part();
    }
    store.complete(object.key, begun, object.parts);
  }

  private Multipart begin(Staged object) throws UploadFailure, InterruptedException, IOException {
    if (object.intended) {
      abortUnknown(object);
    } else {
      staging.intend(object);
    }
    long size = Math.max(settings.partBytes, (object.length + MOST_PARTS - 1) / MOST_PARTS);
    Multipart begun = store.create(object.key, object.coding);
    staging.begun(object, size, begun);
    return begun;
  }

  /** Aborts what a crash left between the beginning of an upload and its note in the journal. */
  private void abortUnknown(Staged object) throws UploadFailure, InterruptedException {
    if (!settings.uniqueKeys) {
      return; // It may be somebody else's.
    }
    List<String> left;
    try {
      left = store.open(object.key);
    } catch (UploadFailure e) {
      if (e.kind() != Kind.OPERATOR) {
        throw e;
      }
      listener.cannotLookForUploads(e.why());
      return;
    }
    for (String id : left) {
      store.abort(object.key, id);
    }
  }

  /** A piece of an object's file as a body, read as it is sent. */
  private final class Piece implements AutoCloseable {
    private final DiskFile file;
    private final Segments segments;
    private final @Nullable String sha256;

    Piece(Staged object, long from, long length) throws IOException {
      PartHashes hashes = object.hashes;
      this.sha256 = hashes == null ? null : hashes.of(from, length);
      DiskFile opened = staging.openFile(object);
      this.file = opened;
      Segments.Reader reader =
          (into, count, at) -> {
            if (opened.read(into, 0, count, from + at) < count) {
              throw new IOException(object.key + " is shorter on disk than it was");
            }
          };
      FileChannel channel = opened.channel();
      this.segments =
          channel == null
              ? Segments.reading(length, reader)
              : Segments.reading(channel, from, length, reader);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
