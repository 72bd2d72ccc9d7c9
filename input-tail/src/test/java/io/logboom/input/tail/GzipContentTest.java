package io.logboom.input.tail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GzipContentTest {
  @TempDir Path dir;

  @Test
  void readsByPositionInWhatItUnpacksTo() throws IOException {
    try (Content content = packed("0123456789")) {
      assertThat(text(content, 0, 4)).isEqualTo("0123");
      assertThat(text(content, 2, 4)).isEqualTo("2345");
      assertThat(text(content, 8, 4)).isEqualTo("89");
      assertThat(content.end()).isEqualTo(10);
      assertThat(text(content, 0, 20)).isEqualTo("0123456789");
    }
  }

  @Test
  void hasNothingBehindItsEnd() throws IOException {
    try (Content content = packed("0123456789")) {
      assertThat(content.end()).isEqualTo(Long.MAX_VALUE);
      assertThat(text(content, 10, 4)).isEmpty();
      assertThat(text(content, 11, 4)).isEmpty();
      assertThat(text(content, 100_000, 4)).isEmpty();
      assertThat(content.end()).isEqualTo(10);
      assertThat(text(content, 3, 4)).isEqualTo("3456");
    }
  }

  private Content packed(String text) throws IOException {
    Path path = dir.resolve("a.log.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(path))) {
      out.write(text.getBytes(StandardCharsets.US_ASCII));
    }
    return GzipContent.open(path);
  }

  private static String text(Content content, long position, int count) throws IOException {
    byte[] into = new byte[count];
    int n = content.read(into, 0, count, position);
    return new String(into, 0, n, StandardCharsets.US_ASCII);
  }
}
