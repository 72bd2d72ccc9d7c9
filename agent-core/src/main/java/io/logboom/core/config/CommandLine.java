package io.logboom.core.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What Fluent Bit's command line says beside the file, in the order in which it says it: {@code -i
 * tail -p path=/x -t kube.* -o stdout -m '*'}. It stands above the file.
 */
public final class CommandLine {
  private static final Mark MARK = Mark.of("command line");

  private final Map<String, String> service = new LinkedHashMap<>();
  private final List<String> parsersFiles = new ArrayList<>();
  private final List<Instance> instances = new ArrayList<>();

  private record Instance(SectionKind kind, List<Entry> entries) {}

  /** {@code -i} */
  public CommandLine input(String name) {
    return instance(SectionKind.INPUT, name);
  }

  /** {@code -F} */
  public CommandLine filter(String name) {
    return instance(SectionKind.FILTER, name);
  }

  /** {@code -o} */
  public CommandLine output(String name) {
    return instance(SectionKind.OUTPUT, name);
  }

  private CommandLine instance(SectionKind kind, String name) {
    instances.add(new Instance(kind, new ArrayList<>()));
    return property("name", name);
  }

  /**
   * {@code -p name=value}; {@code -t} and {@code -m} are {@code tag} and {@code match}. For the
   * instance that was named last.
   *
   * @throws IllegalArgumentException where none was
   */
  public CommandLine property(String name, String value) {
    if (instances.isEmpty()) {
      throw new IllegalArgumentException("'" + name + "' without an input, filter or output");
    }
    String key = name.toLowerCase(Locale.ROOT);
    instances.getLast().entries().add(new Entry(key, MARK, value, value, MARK, true));
    return this;
  }

  /** An option of the service: {@code -f} is {@code flush}, {@code -b} is {@code storage.path}. */
  public CommandLine service(String name, String value) {
    service.put(name, value);
    return this;
  }

  /** {@code -R} */
  public CommandLine parsersFile(String path) {
    parsersFiles.add(path);
    return this;
  }

  List<String> parsersFiles() {
    return Collections.unmodifiableList(parsersFiles);
  }

  /** Adds the instances behind those of the files. */
  void addTo(Tree tree) {
    for (Instance each : instances) {
      tree.add(each.kind(), new Section(MARK, each.entries()));
    }
  }

  /** The service section with this command line's options in the place of the files'. */
  Section over(Section files) {
    return over(files, service, MARK);
  }

  static Section over(Section files, Map<String, String> values, Mark mark) {
    List<Entry> entries = new ArrayList<>(files.entries());
    entries.removeIf(e -> values.containsKey(e.key()));
    values.forEach((key, value) -> entries.add(new Entry(key, mark, value, value, mark, true)));
    return new Section(files.mark(), entries);
  }
}
