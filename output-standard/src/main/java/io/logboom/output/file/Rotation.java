package io.logboom.output.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * Puts files aside that are large enough: {@code app.log} becomes {@code
 * app.log.20261122_080405_0764b2f3}, whose last part makes it unique and keeps the order, and then
 * {@code ....gz}. A file is compressed into another one with {@code .part} behind its name, which
 * takes the place of the first when it is whole: a crash between costs nothing but the work, which
 * the next rotation does again.
 */
final class Rotation {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuuMMdd_HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final Pattern SUFFIX =
      Pattern.compile("\\d{8}_\\d{6}_[0-9a-f]{8}(?<gz>\\.gz)?(?<part>\\.part)?");
  private static final int BLOCK = 64 * 1024;

  private final FileConfig.Rotate config;
  private final InstantSource clock;
  private String lastDate = "";
  private int lastNumber;

  Rotation(FileConfig.Rotate config, InstantSource clock) {
    this.config = config;
    this.clock = clock;
  }

  /**
   * Rotates the file where it is large enough.
   *
   * @return whether it was
   */
  boolean before(Path file) throws IOException {
    if (!config.rotate()) {
      return false;
    }
    try {
      if (Files.size(file) < config.rotateMaxSize().bytes()) {
        return false;
      }
      Files.move(file, aside(file));
    } catch (NoSuchFileException e) {
      return false;
    }
    tidy(file);
    return true;
  }

  /** A name behind all that this output has given in the same second, and that is not there. */
  private Path aside(Path file) {
    Instant now = clock.instant();
    String date = DATE.format(now);
    int nano = now.get(ChronoField.NANO_OF_SECOND);
    int number = date.equals(lastDate) ? Math.max(nano, lastNumber + 1) : nano;
    Path to = named(file, date, number);
    while (Files.exists(to) || Files.exists(named(file, date, number, ".gz"))) {
      number++;
      to = named(file, date, number);
    }
    lastDate = date;
    lastNumber = number;
    return to;
  }

  private static Path named(Path file, String date, int number, String... more) {
    return file.resolveSibling(
        file.getFileName()
            + "."
            + date
            + String.format(Locale.ROOT, "_%08x", number)
            + String.join("", more));
  }

  /** Compresses what is left to compress, and deletes what is too much. */
  private void tidy(Path file) throws IOException {
    List<Path> rotated = new ArrayList<>();
    String start = file.getFileName() + ".";
    Path directory = file.toAbsolutePath().getParent();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
      for (Path each : all) {
        String name = each.getFileName().toString();
        if (!name.startsWith(start)) {
          continue;
        }
        var m = SUFFIX.matcher(name.substring(start.length()));
        if (!m.matches()) {
          continue;
        }
        if (m.group("part") != null) {
          Files.deleteIfExists(each);
        } else {
          rotated.add(each);
        }
      }
    }
    Collections.sort(rotated);
    int tooMany = rotated.size() - config.rotateMaxFiles();
    for (int i = 0; i < rotated.size(); i++) {
      Path each = rotated.get(i);
      if (i < tooMany) {
        Files.deleteIfExists(each);
      } else if (config.rotateGzip() && !each.toString().endsWith(".gz")) {
        compress(each);
      }
    }
  }

  private static void compress(Path file) throws IOException {
    Path whole = file.resolveSibling(file.getFileName() + ".gz");
    Path part = file.resolveSibling(whole.getFileName() + ".part");
    try (InputStream in = Files.newInputStream(file);
        OutputStream out = new GZIPOutputStream(Files.newOutputStream(part), BLOCK)) {
      in.transferTo(out);
    } catch (IOException e) {
      Files.deleteIfExists(part);
      throw e;
    }
    Files.move(part, whole);
    Files.deleteIfExists(file);
  }
}
