package io.logboom.it.fault;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The agent's configuration in a scenario: one input, at first tail over containers' logs, and
 * outputs, mostly of type es. Options keep the order in which they were given.
 */
final class Setup {
  private final Map<String, String> service = new LinkedHashMap<>();
  private final Map<String, String> input = new LinkedHashMap<>();
  private final List<Map<String, String>> filters = new ArrayList<>();
  private final List<Map<String, String>> outputs = new ArrayList<>();

  Setup(String path) {
    input.put("name", "tail");
    input.put("path", path);
    input.put("tag", "kube.*");
    input.put("multiline.parser", "docker, cri");
    service.put("flush", "0.2");
    service.put("scheduler.base", "0.2");
    service.put("scheduler.cap", "1");
    service.put("health_check", "on");
  }

  Setup service(String option, Object value) {
    service.put(option, value.toString());
    return this;
  }

  Setup input(String option, Object value) {
    input.put(option, value.toString());
    return this;
  }

  /** Instead of containers' logs, one file of JSON lines. */
  Setup jsonFile(Path file) {
    input.put("path", file.toString());
    input.put("tag", "app");
    input.remove("multiline.parser");
    input.put("parser", "json");
    return this;
  }

  /** Instead of containers' logs, what clients send to a port on loopback. */
  Setup forward(int port) {
    return listening("forward", port);
  }

  /** Instead of containers' logs, requests to a port on loopback. */
  Setup http(int port) {
    return listening("http", port);
  }

  private Setup listening(String plugin, int port) {
    input.clear();
    input.put("name", plugin);
    input.put("listen", "127.0.0.1");
    input.put("port", Integer.toString(port));
    return this;
  }

  /** The filter that adds pods' metadata, which it gets from that server. */
  Setup kubernetes(String server, Path serviceAccount, String node) {
    Map<String, String> filter = new LinkedHashMap<>();
    filter.put("name", "kubernetes");
    filter.put("match", "*");
    filter.put("kube_url", server);
    filter.put("kube_ca_file", serviceAccount.resolve("ca.crt").toString());
    filter.put("kube_token_file", serviceAccount.resolve("token").toString());
    filter.put("node_name", node);
    filters.add(filter);
    return this;
  }

  /** One more output, of another type. */
  Setup plugin(String name, String alias) {
    Map<String, String> output = new LinkedHashMap<>();
    output.put("name", name);
    output.put("match", "*");
    output.put("alias", alias);
    outputs.add(output);
    return this;
  }

  /** One more output, to a port on loopback. */
  Setup output(String alias, int port) {
    Map<String, String> output = new LinkedHashMap<>();
    output.put("name", "es");
    output.put("match", "*");
    output.put("alias", alias);
    output.put("host", "127.0.0.1");
    output.put("port", Integer.toString(port));
    output.put("index", "logs");
    outputs.add(output);
    return this;
  }

  /** An option of the output that was added last. */
  Setup with(String option, Object value) {
    outputs.getLast().put(option, value.toString());
    return this;
  }

  String yaml() {
    StringBuilder text = new StringBuilder("service:\n");
    service.forEach((option, value) -> text.append("  ").append(line(option, value)));
    text.append("pipeline:\n  inputs:\n").append(item(input));
    if (!filters.isEmpty()) {
      text.append("  filters:\n");
      filters.forEach(filter -> text.append(item(filter)));
    }
    text.append("  outputs:\n");
    outputs.forEach(output -> text.append(item(output)));
    return text.toString();
  }

  private static String item(Map<String, String> options) {
    return options.entrySet().stream()
        .map(option -> line(option.getKey(), option.getValue()))
        .collect(Collectors.joining("      ", "    - ", ""));
  }

  private static String line(String option, String value) {
    return option + ": \"" + value + "\"\n";
  }
}
