package io.logboom.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** S3: objects of JSON lines, put whole or in parts. */
final class S3Backend implements Backend {
  /** Nobody checks them here; what it takes to sign with them is the agent's. */
  static final Map<String, String> KEYS =
      Map.of(
          "AWS_ACCESS_KEY_ID", "AKIABENCHBENCHBENCH0",
          "AWS_SECRET_ACCESS_KEY", "benchbenchbenchbenchbenchbenchbenchbench",
          "AWS_EC2_METADATA_DISABLED", "true");

  private final AtomicLong uploads = new AtomicLong();

  /** What is left at the end and fills no object comes when the timeout is over. */
  @Override
  public String section(Path own, int port, boolean tls) {
    return """
        [OUTPUT]
            Name                s3
            Match               *
            region              us-east-1
            bucket              bench
            endpoint            SCHEME://127.0.0.1:PORT
            total_file_size     50M
            upload_chunk_size   10M
            upload_timeout      5s
            s3_key_format       /$TAG/%Y/%m/%d/%H_%M_%S/$UUID
            store_dir           OWN/s3
        """
        .replace("SCHEME", tls ? "https" : "http")
        .replace("PORT", Integer.toString(port))
        .replace("OWN", own.toString());
  }

  @Override
  public Map<String, String> environment() {
    return KEYS;
  }

  @Override
  public Counter counter(HttpStandIn.Request request) {
    return request.method.equals("PUT") ? Counter.of("\n") : Counter.none();
  }

  @Override
  public void answer(HttpStandIn.Request request, OutputStream out) throws IOException {
    String body = "";
    if (request.method.equals("POST")) {
      body =
          request.target.contains("uploadId=")
              ? xml("CompleteMultipartUpload", "<Key>k</Key><ETag>&quot;e&quot;</ETag>")
              : xml(
                  "InitiateMultipartUpload",
                  "<Bucket>bench</Bucket><Key>k</Key><UploadId>"
                      + uploads.incrementAndGet()
                      + "</UploadId>");
    } else if (request.method.equals("GET")) {
      body = xml("ListMultipartUploads", "<IsTruncated>false</IsTruncated>");
    }
    HttpStandIn.answer(out, "200 OK\r\nETag: \"e\"\r\nContent-Type: application/xml", body);
  }

  private static String xml(String name, String content) {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<"
        + name
        + "Result xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
        + content
        + "</"
        + name
        + "Result>";
  }
}
