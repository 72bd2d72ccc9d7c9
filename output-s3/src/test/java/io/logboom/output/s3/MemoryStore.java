package io.logboom.output.s3;

import io.logboom.net.body.Segments;
import io.logboom.output.s3.Multipart.Part;
import io.logboom.output.s3.S3Config.Checksum;
import io.logboom.output.s3.UploadFailure.Kind;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A bucket in memory. */
final class MemoryStore implements ObjectStore {
  final Map<String, byte[]> objects = new TreeMap<>();
  final Map<String, Held> uploads = new TreeMap<>();
  private int ids;
  private long calls = Long.MAX_VALUE;

  /** Bodies whose hash was known, and was theirs; and others. */
  int known;

  int unknown;

  /** After so many more requests all ends, before the answer of the last one is seen. */
  void diesAfter(long requests) {
    calls = requests;
  }

  private void answer() {
    if (--calls == 0) {
      throw new FragileDisk.CrashException();
    }
  }

  /** An upload in parts. */
  record Held(String key, Map<Integer, byte[]> parts) {}

  private static byte[] bytes(Segments body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < body.count(); i++) {
      out.write(body.segment(i), 0, body.used(i));
    }
    return out.toByteArray();
  }

  private byte[] checked(Segments body, @Nullable String sha256) throws UploadFailure {
    byte[] bytes = bytes(body);
    if (sha256 == null) {
      unknown++;
      return bytes;
    }
    try {
      byte[] its = MessageDigest.getInstance("SHA-256").digest(bytes);
      if (!HexFormat.of().formatHex(its).equals(sha256)) {
        throw new UploadFailure(Kind.BAD_DIGEST, "the hash is not the body's");
      }
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
    known++;
    return bytes;
  }

  @Override
  public void put(String key, Staged.Coding coding, Segments body, @Nullable String sha256)
      throws UploadFailure {
    objects.put(key, checked(body, sha256));
    answer();
  }

  @Override
  public Multipart create(String key, Staged.Coding coding) {
    String id = "upload-" + ids++;
    uploads.put(id, new Held(key, new HashMap<>()));
    answer();
    return new Multipart(id, Checksum.NONE);
  }

  private Held upload(String id) throws UploadFailure {
    Held found = uploads.get(id);
    if (found == null) {
      throw new UploadFailure(Kind.NO_UPLOAD, "no upload " + id);
    }
    return found;
  }

  @Override
  public Part part(String key, Multipart upload, int number, Segments body, @Nullable String sha256)
      throws UploadFailure {
    upload(upload.id()).parts.put(number, checked(body, sha256));
    answer();
    return new Part("\"" + number + "\"", "");
  }

  @Override
  public void complete(String key, Multipart begun, List<Part> parts) throws UploadFailure {
    Held upload = upload(begun.id());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 1; i <= parts.size(); i++) {
      byte[] part = upload.parts.get(i);
      if (part == null) {
        throw new UploadFailure(Kind.BAD_PARTS, "no part " + i);
      }
      out.writeBytes(part);
    }
    objects.put(key, out.toByteArray());
    uploads.remove(begun.id());
    answer();
  }

  @Override
  public void abort(String key, String uploadId) {
    uploads.remove(uploadId);
  }

  @Override
  public List<String> open(String key) {
    List<String> ids = new ArrayList<>();
    uploads.forEach(
        (id, upload) -> {
          if (upload.key.equals(key)) {
            ids.add(id);
          }
        });
    return ids;
  }

  @Override
  public long length(String key) {
    byte[] object = objects.get(key);
    return object == null ? -1 : object.length;
  }

  /** The lines of all objects. */
  List<String> lines() {
    List<String> all = new ArrayList<>();
    for (byte[] object : objects.values()) {
      all.addAll(new String(object, StandardCharsets.UTF_8).lines().toList());
    }
    return all;
  }
}
