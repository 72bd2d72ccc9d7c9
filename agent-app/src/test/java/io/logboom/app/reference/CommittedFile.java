package io.logboom.app.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A generated file that is committed, so that it can be read and reviewed. The build fails where it
 * is not what the code says; with {@code -Dlogboom.docs.write=true} it is written instead.
 */
final class CommittedFile {
  private static final Path ROOT = Path.of(System.getProperty("logboom.root", ".."));
  private static final boolean WRITE = Boolean.getBoolean("logboom.docs.write");
  private static final String REGENERATE =
      "generate it again with: ./mvnw -pl agent-app -am test -Dtest='ReferenceTest'"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dlogboom.docs.write=true";

  private CommittedFile() {}

  /** A file of the project. */
  static Path path(String name) {
    return ROOT.resolve(name);
  }

  static void mustBe(String path, String generated) throws IOException {
    Path file = ROOT.resolve(path);
    if (WRITE) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, generated);
    }
    assertThat(file).as("%s is missing; %s", path, REGENERATE).exists();
    assertThat(Files.readString(file)).as("%s is stale; %s", path, REGENERATE).isEqualTo(generated);
  }
}
