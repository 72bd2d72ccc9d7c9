package io.logboom.it.demo;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * {@code Demo ROOT --check|--screen|--lines}: what {@code ./demo} runs when everything is built.
 */
public final class Demo {
  private Demo() {}

  /** ROOT is the project's directory. Ends with an exception, and so not with 0, where it fails. */
  public static void main(String[] args) throws Exception {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    Path root = Path.of(args[0]).toAbsolutePath().normalize();
    boolean check = args[1].equals("--check");
    out.println("Starting OpenSearch, a Kubernetes API, six containers and the agent ...");
    try (Stage stage = Stage.set(root, check)) {
      Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(stage::close));
      if (check) {
        new Check(stage, out).run();
      } else {
        new LiveView(stage, out, args[1].equals("--screen")).run();
      }
    }
  }
}
