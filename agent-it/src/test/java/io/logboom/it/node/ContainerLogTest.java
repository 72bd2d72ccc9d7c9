package io.logboom.it.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerLogTest {
  private static final Container WEB = Container.of("shop", "web-1", "nginx");
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-22T08:00:00.000001234Z"));

  @TempDir Path root;
  private Node node;

  @BeforeEach
  void makeNode() throws IOException {
    node = new Node(root, CLOCK);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  void writesCriLinesBehindALinkThatNamesThePod() throws IOException {
    try (ContainerLog log = node.start(WEB, LogFormat.CRI, Rotation.NONE)) {
      log.line("stdout", bytes("hello"));
    }

    assertThat(Files.readString(node.containers().resolve(WEB.link())))
        .isEqualTo("2026-11-22T08:00:00.000001234Z stdout F hello\n");
    assertThat(WEB.link()).matches("web-1_shop_nginx-[0-9a-f]{64}\\.log");
  }

  @Test
  void splitsALongLineAsRuntimesDo() throws IOException {
    String line = "ä".repeat(10_000);
    try (ContainerLog log = node.start(WEB, LogFormat.CRI, Rotation.NONE)) {
      log.line("stderr", bytes(line));
    }

    List<String> parts = Files.readAllLines(node.containers().resolve(WEB.link()));

    assertThat(parts).hasSize(2);
    assertThat(parts.getFirst()).contains(" stderr P ").endsWith("ä");
    assertThat(parts.getLast()).contains(" stderr F ");
    assertThat(
            parts.getFirst().substring(40).replaceAll("[^ä]", "").length()
                + parts.getLast().substring(40).replaceAll("[^ä]", "").length())
        .isEqualTo(10_000);
  }

  @Test
  void writesDockerLinesWithTheNewlineInTheLastPartOnly() throws IOException {
    try (ContainerLog log = node.start(WEB, LogFormat.DOCKER, Rotation.NONE)) {
      log.line("stdout", bytes("say \"hi\"\t"));
      log.line("stdout", bytes("x".repeat(16 * 1024 + 1)));
    }

    List<String> lines = Files.readAllLines(node.containers().resolve(WEB.link()));

    assertThat(lines.getFirst())
        .isEqualTo(
            "{\"log\":\"say \\\"hi\\\"\\t\\n"
                + "\",\"stream\":\"stdout\",\"time\":\"2026-11-22T08:00:00.000001234Z\"}");
    assertThat(lines.get(1)).contains("xxx\",\"stream\"");
    assertThat(lines.get(2)).startsWith("{\"log\":\"x\\n\",");
  }

  @Test
  void rotatesByRenameAndKeepsTheNewest() throws IOException {
    ContainerLog log = node.start(WEB, LogFormat.CRI, Rotation.renaming(10, 2));
    for (int i = 0; i < 5; i++) {
      log.line("stdout", bytes("line " + i));
      log.flush();
    }
    log.close();

    assertThat(log.rotations()).isEqualTo(5);
    assertThat(contents(log)).containsExactly("line 3", "line 4");
    assertThat(Files.size(log.path())).isZero();
  }

  @Test
  void rotatesByCopyAndGoesOnWritingTheSameFile() throws IOException {
    Rotation copying = new Rotation(10, 5, Rotation.How.COPY_TRUNCATE, false);
    ContainerLog log = node.start(WEB, LogFormat.CRI, copying);
    Object before = Files.getAttribute(log.path(), "unix:ino");
    log.line("stdout", bytes("first"));
    log.flush();
    log.close();

    assertThat(Files.getAttribute(log.path(), "unix:ino")).isEqualTo(before);
    assertThat(contents(log)).containsExactly("first");
  }

  @Test
  void compressesAllRotatedFilesButTheNewest() throws IOException {
    Rotation compressing = new Rotation(10, 5, Rotation.How.RENAME, true);
    ContainerLog log = node.start(WEB, LogFormat.CRI, compressing);
    for (int i = 0; i < 3; i++) {
      log.line("stdout", bytes("line " + i));
      log.flush();
    }
    log.close();

    try (Stream<Path> files = Files.list(log.path().getParent())) {
      assertThat(files.map(f -> f.getFileName().toString()).sorted())
          .satisfiesExactly(
              current -> assertThat(current).isEqualTo("0.log"),
              first -> assertThat(first).endsWith("-000001.gz"),
              second -> assertThat(second).endsWith("-000002.gz"),
              newest -> assertThat(newest).endsWith("-000003"));
    }
  }

  private static List<String> contents(ContainerLog log) throws IOException {
    try (Stream<Path> files = Files.list(log.path().getParent())) {
      List<String> lines = new java.util.ArrayList<>();
      for (Path file : files.filter(f -> !f.equals(log.path())).sorted().toList()) {
        Files.readAllLines(file).forEach(l -> lines.add(l.replaceFirst(".* F ", "")));
      }
      return lines;
    }
  }

  @Test
  void aSequenceWriterWritesEachNumberOnce() throws Exception {
    ContainerLog log = node.start(WEB, LogFormat.CRI, Rotation.NONE);
    try (SequenceWriter writer = new SequenceWriter(log, "w1", 1_050, 0, 20).start()) {
      assertThat(writer.join()).isEqualTo(1_050);
    }

    io.logboom.it.sink.Sequences seen = new io.logboom.it.sink.Sequences();
    Files.readAllLines(log.path()).forEach(line -> seen.note(bytes(line)));

    assertThat(seen.distinct("w1")).isEqualTo(1_050);
    assertThat(seen.duplicates()).isZero();
    assertThat(seen.firstMissing("w1", 1_050)).isEqualTo(-1);
    assertThat(seen.firstMissing("w1", 1_051)).isEqualTo(1_050);
  }
}
