package io.logboom.output.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.Output;
import io.logboom.core.config.Binder;
import io.logboom.testkit.Records;
import io.logboom.testkit.TestContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FileOutputTest {
  @TempDir Path directory;

  private final TestContext context =
      new TestContext(Path.of("unused"))
          .clock(InstantSource.fixed(Instant.parse("2026-11-22T08:04:05.5Z")));

  private Output output(String... options) {
    return at(directory, options);
  }

  private Output at(Path path, String... options) {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("path", path.toString()));
    return new FilePlugin()
        .create(Binder.bind(FileConfig.class, all.toArray(String[]::new)), context);
  }

  private Records records() {
    return new Records(context);
  }

  private static Outcome send(Output output, Records... records) throws InterruptedException {
    return output.send(Arrays.stream(records).map(Records::batch).toList());
  }

  private String read(String file) throws IOException {
    return Files.readString(directory.resolve(file));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }

  private long count(FileMeter meter) {
    return context.meters().count(meter);
  }

  /** With ' for ". */
  private static String line(FileConfig.Format format) {
    return switch (format) {
      case OUT_FILE ->
          "kube.app: [1795334645.123456789, "
              + "{'log':'a \\'b\\'','n':1,'o':{'p':[1,null]},'z':null}]";
      case PLAIN -> "{'log':'a \\'b\\'','n':1,'o':{'p':[1,null]},'z':null}";
      case CSV -> "1795334645.123456789,'a ''b''',1,'{''p'':[1,null]}',";
      case LTSV ->
          "'time':1795334645.123457\t'log':'a \\'b\\''\t'n':1\t'o':{'p':[1,null]}\t'z':null";
      case TEMPLATE -> "1795334645.123457 a 'b' [1,null] {none} {}";
    };
  }

  @ParameterizedTest
  @EnumSource(FileConfig.Format.class)
  void aFormatHasItsLines(FileConfig.Format format) throws Exception {
    try (Output output =
        output(
            "file",
            "x",
            "format",
            format.toString(),
            "template",
            "{time} {log} {$o['p']} {none} {}")) {
      Records records =
          records().json("{\"log\":\"a \\\"b\\\"\",\"n\":1,\"o\":{\"p\":[1,null]},\"z\":null}");
      assertThat(send(output, records, records())).isEqualTo(Outcome.DELIVERED);
      assertThat(read("x")).isEqualTo(line(format).replace('\'', '"') + "\n");
      assertThat(count(FileMeter.WRITTEN)).isEqualTo(Files.size(directory.resolve("x")));
    }
  }

  @Test
  void aNewCsvFileBeginsWithNames() throws Exception {
    try (Output output =
        output("file", "x", "format", "csv", "csv_column_names", "on", "delimiter", "tab")) {
      send(output, records().json("{\"a\":1,\"b,c\":2}"));
      send(output, records().json("{\"a\":3,\"b,c\":4}"));
      assertThat(read("x"))
          .isEqualTo(
              "timestamp\t\"a\"\t\"b,c\"\n"
                  + "1795334645.123456789\t1\t2\n1795334645.123456789\t3\t4\n");
    }
  }

  @Test
  void eachTagHasItsFile() throws Exception {
    try (Output output = output("format", "plain", "mkdir", "on")) {
      Records records =
          records().tag("a.b").numbered(0, 1).tag("../x/../../\u00e9 y").numbered(1, 1);
      assertThat(send(output, records.tag("a.b").numbered(2, 1))).isEqualTo(Outcome.DELIVERED);
      assertThat(read("a.b")).isEqualTo("{\"n\":0}\n{\"n\":2}\n");
      assertThat(read("__/x/__/__/___y")).isEqualTo("{\"n\":1}\n");
    }
  }

  @Test
  void aFileMayBeNamedByItsRecords() throws Exception {
    try (Output output =
        output(
            "file",
            "$ns/$TAG[1].log",
            "format",
            "plain",
            "mkdir",
            "on",
            "max_dynamic_files",
            "3")) {
      Records records =
          records()
              .json("{\"ns\":\"pay\"}")
              .json("{\"ns\":\"../../etc\"}")
              .json("{\"ns\":\"..\"}")
              .json("{\"ns\":\"fourth\"}")
              .json("{\"ns\":\"pay\"}");
      assertThat(send(output, records))
          .isInstanceOfSatisfying(
              Outcome.Mixed.class,
              mixed -> {
                assertThat(mixed.retry().isEmpty()).isTrue();
                assertThat(mixed.rejected())
                    .singleElement()
                    .satisfies(
                        r -> {
                          assertThat(r.record()).isEqualTo(3);
                          assertThat(r.why()).contains("max_dynamic_files, 3");
                        });
              });
      assertThat(read("pay/app.log")).isEqualTo("{\"ns\":\"pay\"}\n{\"ns\":\"pay\"}\n");
      assertThat(read(".._.._etc/app.log")).isEqualTo("{\"ns\":\"../../etc\"}\n");
      assertThat(read("__/app.log")).isEqualTo("{\"ns\":\"..\"}\n");
    }
  }

  @Test
  void aDirectoryThatIsNotThereIsNamedAndLaterUsed() throws Exception {
    Path missing = directory.resolve("m");
    try (Output output = at(missing, "file", "x")) {
      assertThat(send(output, records().text("a")))
          .isInstanceOfSatisfying(
              Outcome.Retry.class,
              r ->
                  assertThat(r.why())
                      .isEqualTo(
                          missing.resolve("x")
                              + " cannot be written: no such directory; mkdir makes it"));
      assertThat(count(FileMeter.FAILURES)).isEqualTo(1);
      Files.createDirectory(missing);
      assertThat(send(output, records().text("a"))).isEqualTo(Outcome.DELIVERED);
    }
  }

  @Test
  void whatAnotherProgramMovesOrTearsDoesNotMatter() throws Exception {
    try (Output output = output("file", "x", "format", "plain")) {
      send(output, records().numbered(0, 1));
      Files.move(directory.resolve("x"), directory.resolve("y"));
      send(output, records().numbered(1, 1));
      assertThat(read("x")).isEqualTo("{\"n\":1}\n");
      Files.writeString(directory.resolve("x"), "{\"n\":2}\n{\"to"); // as a crash leaves it
      send(output, records().numbered(3, 1));
      assertThat(read("x")).isEqualTo("{\"n\":2}\n{\"to\n{\"n\":3}\n");
    }
  }

  @Test
  void filesAreRotatedCompressedAndCounted() throws Exception {
    try (Output output =
        output(
            "file",
            "x",
            "format",
            "plain",
            "rotate",
            "on",
            "rotate_max_size",
            "1k",
            "rotate_max_files",
            "2")) {
      Files.writeString(directory.resolve("x.other"), "not ours");
      Files.writeString(directory.resolve("x.20261122_080000_00000000.gz.part"), "of a crash");
      for (int i = 0; i < 5; i++) {
        assertThat(send(output, records().numbered(i * 200, 200))).isEqualTo(Outcome.DELIVERED);
      }
      assertThat(names())
          .containsExactly(
              "x", "x.20261122_080405_1dcd6502.gz", "x.20261122_080405_1dcd6503.gz", "x.other");
      assertThat(read("x")).startsWith("{\"n\":800}\n").endsWith("{\"n\":999}\n");
      try (InputStream in =
          new GZIPInputStream(
              Files.newInputStream(directory.resolve("x.20261122_080405_1dcd6503.gz")))) {
        assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
            .startsWith("{\"n\":600}\n")
            .endsWith("{\"n\":799}\n");
      }
      assertThat(count(FileMeter.ROTATIONS)).isEqualTo(4);
    }
  }

  @Test
  void rotatedFilesMayStayPlainAndAreCompressedOnceThatIsAskedFor() throws Exception {
    try (Output output =
        output("file", "x", "rotate", "on", "rotate_max_size", "1k", "rotate_gzip", "off")) {
      send(output, records().numbered(0, 200));
      send(output, records().numbered(0, 200));
      assertThat(names()).containsExactly("x", "x.20261122_080405_1dcd6500");
    }
    try (Output output = output("file", "x", "rotate", "on", "rotate_max_size", "1k")) {
      send(output, records().numbered(0, 1));
      assertThat(names())
          .containsExactly("x", "x.20261122_080405_1dcd6500.gz", "x.20261122_080405_1dcd6501.gz");
    }
  }

  @Test
  void aFullDiskIsARetry() throws Exception {
    assumeTrue(Files.exists(Path.of("/dev/full")));
    try (Output output = at(Path.of("/dev"), "file", "full", "sync", "off")) {
      assertThat(send(output, records().text("a")))
          .isInstanceOfSatisfying(
              Outcome.Retry.class,
              r ->
                  assertThat(r.why())
                      .isEqualTo("/dev/full cannot be written: No space left on device"));
    }
  }

  /** Of a unit that has no room nothing stays, and its records come once when there is room. */
  @Test
  void whatHasNoRoomIsTakenBackAndComesOnce() throws Exception {
    Path small = Files.createDirectory(directory.resolve("small"));
    assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=256k", "none", small.toString()));
    try (Output output = at(small, "file", "x", "format", "plain")) {
      assertThat(send(output, records().numbered(0, 100))).isEqualTo(Outcome.DELIVERED);
      byte[] before = Files.readAllBytes(small.resolve("x"));
      Path ballast = Files.write(small.resolve("ballast"), new byte[100_000]);
      Records many = records();
      IntStream.range(0, 3000).forEach(i -> many.text("y".repeat(70)));
      assertThat(send(output, many))
          .isInstanceOfSatisfying(
              Outcome.Retry.class, r -> assertThat(r.why()).contains("No space left"));
      assertThat(Files.readAllBytes(small.resolve("x"))).isEqualTo(before);
      Files.delete(ballast);
      assertThat(send(output, many)).isEqualTo(Outcome.DELIVERED);
      assertThat(Files.readAllLines(small.resolve("x"))).hasSize(3100);
    } finally {
      assertThat(run("umount", small.toString())).isTrue();
    }
  }

  private static boolean run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

  @Test
  void anInterruptTakesBackWhatWasBegun() throws Exception {
    // Each rotation looks at the clock, which is the moment at which the engine loses patience.
    context.clock(
        () -> {
          Thread.currentThread().interrupt();
          return Instant.parse("2026-11-22T08:04:05Z");
        });
    try (Output output =
        output("file", "x", "rotate", "on", "rotate_max_size", "1k", "rotate_gzip", "off")) {
      Records many = records().numbered(0, 100);
      send(output, many);
      assertThatThrownBy(() -> send(output, many)).isInstanceOf(InterruptedException.class);
      assertThat(Thread.interrupted()).isFalse();
      assertThat(read("x")).isEmpty();
      Records more = records().numbered(100, 5);
      assertThat(send(output, more)).isEqualTo(Outcome.DELIVERED);
      assertThat(read("x").lines()).hasSize(5);
    }
  }
}
