package io.logboom.output.s3;

import io.logboom.testkit.http.ScriptedServer;
import io.logboom.testkit.http.ScriptedServer.Line;
import io.logboom.testkit.http.ScriptedServer.Received;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The part of S3 that uploading needs, over HTTP, with one bucket, and faults as a test wants. An
 * upload that began with a checksum algorithm takes parts with theirs alone, and others without.
 */
final class FakeS3 implements AutoCloseable {
  private static final String CHECKSUM = "x-amz-checksum-sha256";

  /** Plays another answer than the usual one. */
  interface Fault {
    /** Whether it has answered the request. */
    boolean play(Received request, Line line) throws IOException, InterruptedException;
  }

  private final ScriptedServer server;
  private final Map<String, Received> objects = new TreeMap<>();
  private final Map<String, byte[]> contents = new TreeMap<>();
  private final Map<String, Map<Integer, byte[]>> uploads = new TreeMap<>();
  private final Map<String, Received> begun = new HashMap<>();
  private final Set<String> checksummed = new HashSet<>();
  private final List<String> asked = new ArrayList<>();
  private volatile @Nullable Fault fault;
  private int ids;

  FakeS3() throws IOException {
    server = ScriptedServer.start(this::answer);
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.port();
  }

  void fault(@Nullable Fault next) {
    fault = next;
  }

  static Fault always(int status, String code, String... headers) {
    return (_, line) -> {
      error(line, status, code, headers);
      return true;
    };
  }

  static void error(Line line, int status, String code, String... headers) throws IOException {
    line.answer(
        status, "<Error><Code>" + code + "</Code><Message>so it is</Message></Error>", headers);
  }

  /** What was asked, in order: method and kind, such as {@code PUT part}. */
  synchronized List<String> asked() {
    return List.copyOf(asked);
  }

  synchronized Map<String, byte[]> objects() {
    return new TreeMap<>(contents);
  }

  /** The request that made the object: its headers count. */
  synchronized Received made(String key) {
    return objects.get(key);
  }

  synchronized int openUploads() {
    return uploads.size();
  }

  /** Opens an upload that nobody knows of. */
  synchronized void openUpload(String key) {
    uploads.put(key + "?stray" + ids++, new TreeMap<>());
  }

  private void answer(Received request, Line line) throws IOException, InterruptedException {
    String path = request.path();
    int mark = path.indexOf('?');
    String query = mark < 0 ? "" : path.substring(mark + 1);
    String whole = decoded(mark < 0 ? path : path.substring(0, mark));
    String key = whole.substring(Math.min(whole.length(), "/logs/".length()));
    String kind =
        query.startsWith("partNumber")
            ? "part"
            : query.startsWith("uploadId") ? "upload" : query.isEmpty() ? "object" : "uploads";
    synchronized (this) {
      asked.add(request.method() + " " + kind);
    }
    Fault now = fault;
    if (now != null && now.play(request, line)) {
      return;
    }
    synchronized (this) {
      usual(request, line, key, query, kind);
    }
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private void usual(Received request, Line line, String key, String query, String kind)
      throws IOException {
    String id = key + "?" + decoded(query.replaceFirst("^.*uploadId=", ""));
    switch (request.method() + " " + kind) {
      case "PUT object" -> {
        String sum = request.headers().get(CHECKSUM);
        if (sum != null && !sum.equals(sha256(request.body()))) {
          error(line, 400, "BadDigest");
          return;
        }
        objects.put(key, request);
        contents.put(key, request.body());
        line.answer(200, "", "ETag: \"e\"");
      }
      case "HEAD object" -> {
        byte[] found = contents.get(key);
        line.head(
            found == null ? 404 : 200, "Content-Length: " + (found == null ? 0 : found.length));
      }
      case "POST uploads" -> {
        String made = "u&<" + ids++;
        uploads.put(key + "?" + made, new TreeMap<>());
        begun.put(key, request);
        if ("SHA256".equals(request.headers().get("x-amz-checksum-algorithm"))) {
          checksummed.add(key + "?" + made);
        }
        line.answer(
            200,
            "<InitiateMultipartUploadResult><UploadId>"
                + made.replace("&", "&amp;").replace("<", "&lt;")
                + "</UploadId></InitiateMultipartUploadResult>");
      }
      case "PUT part" -> {
        Map<Integer, byte[]> upload = uploads.get(id);
        if (upload == null) {
          noUpload(line);
          return;
        }
        String sum = request.headers().get(CHECKSUM);
        if ((sum != null) != checksummed.contains(id)) {
          error(line, 400, "InvalidRequest");
          return;
        }
        if (sum != null && !sum.equals(sha256(request.body()))) {
          error(line, 400, "BadDigest");
          return;
        }
        int number = Integer.parseInt(query.replaceFirst("^partNumber=(\\d+).*", "$1"));
        upload.put(number, request.body());
        line.answer(200, "", "ETag: \"part" + number + "\"");
      }
      case "POST upload" -> {
        Map<Integer, byte[]> upload = uploads.remove(id);
        if (upload == null) {
          noUpload(line);
          return;
        }
        String xml = new String(request.body(), StandardCharsets.UTF_8);
        boolean told =
            upload.values().stream()
                .allMatch(
                    part -> xml.contains("<ChecksumSHA256>" + sha256(part) + "</ChecksumSHA256>"));
        if (told != checksummed.contains(id)) {
          uploads.put(id, upload);
          error(line, 400, "InvalidPart");
          return;
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        upload.values().forEach(all::writeBytes);
        contents.put(key, all.toByteArray());
        objects.put(key, begun.get(key));
        line.answer(200, "<CompleteMultipartUploadResult></CompleteMultipartUploadResult>");
      }
      case "DELETE upload" -> {
        if (uploads.remove(id) == null) {
          noUpload(line);
        } else {
          line.head(204, "X: y");
        }
      }
      case "GET uploads" -> {
        StringBuilder xml = new StringBuilder("<ListMultipartUploadsResult>");
        for (String each : uploads.keySet()) {
          int mark = each.indexOf('?');
          xml.append("<Upload><Key>").append(each, 0, mark).append("</Key><UploadId>");
          xml.append(each.substring(mark + 1).replace("&", "&amp;").replace("<", "&lt;"));
          xml.append("</UploadId></Upload>");
        }
        line.answer(200, xml.append("</ListMultipartUploadsResult>").toString());
      }
      default -> line.answer(501, "");
    }
  }

  /** Does what a request to complete an upload asks for, and says nothing. */
  synchronized void complete(Received request) {
    String path = request.path();
    String key = decoded(path.substring("/logs/".length(), path.indexOf('?')));
    String id = key + "?" + decoded(path.replaceFirst("^.*uploadId=", ""));
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    uploads.remove(id).values().forEach(all::writeBytes);
    contents.put(key, all.toByteArray());
    objects.put(key, begun.get(key));
  }

  private static String sha256(byte[] body) {
    try {
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static void noUpload(Line line) throws IOException {
    line.answer(404, "<Error><Code>NoSuchUpload</Code></Error>");
  }

  @Override
  public void close() throws IOException {
    server.close();
    if (!server.complaints().isEmpty()) {
      throw new AssertionError(server.complaints().toString());
    }
  }
}
