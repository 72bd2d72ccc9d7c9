package io.logboom.core.config;

import io.logboom.api.plugin.Plugin;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The reference documentation in Markdown, from the same records that bind the options. */
public final class ReferenceDocs {
  private static final String HEAD =
      "<!-- Written by the build from the program's options. Changes here are lost. -->\n\n";

  private ReferenceDocs() {}

  /** The text of every page by its file's name. */
  public static SortedMap<String, String> pages(Catalog catalog) {
    SortedMap<String, String> pages = new TreeMap<>();
    add(pages, Described.SERVICE, InertOption.SERVICE);
    add(pages, Described.INPUT, InertOption.INPUT);
    add(pages, Described.FILTER, InertOption.FILTER);
    add(pages, Described.OUTPUT, InertOption.OUTPUT);
    add(pages, Described.PARSER, List.of());
    add(pages, Described.MULTILINE, List.of());
    for (Plugin<?, ?> plugin : catalog.plugins()) {
      add(pages, Described.of(plugin), List.of());
    }
    pages.put("README.md", index(catalog));
    return pages;
  }

  private static void add(Map<String, String> pages, Described described, List<InertOption> inert) {
    pages.put(described.file() + ".md", page(described, inert));
  }

  private static String page(Described page, List<InertOption> inert) {
    StringBuilder out = new StringBuilder(HEAD);
    out.append("# ").append(page.title()).append("\n\n").append(page.text()).append('\n');
    if (!page.aliases().isEmpty()) {
      out.append("\nOther names: `").append(String.join("`, `", page.aliases())).append("`.\n");
    }
    page.groups()
        .forEach(
            (group, options) -> {
              if (!options.isEmpty()) {
                out.append(group.isEmpty() ? "\n" : "\n## " + group + "\n\n");
                table(out, options);
              }
            });
    page.groups().values().forEach(options -> options.forEach(each -> nodes(out, each)));
    if (!inert.isEmpty()) {
      inert(out, inert);
    }
    return out.toString();
  }

  private static void table(StringBuilder out, List<OptionSpec> options) {
    out.append("| Option | Value | Default | Meaning |\n|---|---|---|---|\n");
    for (OptionSpec option : options) {
      String preset = Described.preset(option);
      boolean code = !preset.isEmpty() && !option.option().required();
      out.append("| `").append(option.name()).append("` | ");
      out.append(cell(Described.syntax(option))).append(" | ");
      out.append(code ? '`' + cell(preset) + '`' : preset).append(" | ");
      out.append(cell(option.option().text()));
      if (!option.aliases().isEmpty()) {
        out.append(" Also `").append(String.join("`, `", option.aliases())).append("`.");
      }
      out.append(" |\n");
    }
  }

  private static void nodes(StringBuilder out, OptionSpec option) {
    if (option.nodes() != null) {
      out.append("\n## Nodes in the file of `").append(option.name()).append("`\n\n");
      table(out, option.nodes().options());
    }
  }

  private static void inert(StringBuilder out, List<InertOption> options) {
    out.append("\n## Options without effect\n\n");
    out.append("Accepted, so that a configuration for Fluent Bit need not be changed.\n\n");
    out.append("| Option | Why |\n|---|---|\n");
    for (InertOption option : options) {
      out.append("| `").append(option.name()).append("` | ").append(cell(option.why()));
      out.append(" |\n");
    }
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;").replace("*", "\\*");
  }

  private static String index(Catalog catalog) {
    StringBuilder out = new StringBuilder(HEAD);
    out.append("# Options\n\n");
    out.append("Options are written in lower case with underscores; in classic files case does ");
    out.append("not matter, in YAML `httpServer` is `http_server`.\n\n");
    out.append("| Page | What it describes |\n|---|---|\n");
    for (Described page :
        List.of(
            Described.SERVICE,
            Described.INPUT,
            Described.FILTER,
            Described.OUTPUT,
            Described.PARSER,
            Described.MULTILINE)) {
      row(out, page);
    }
    catalog.plugins().stream()
        .map(Described::of)
        .sorted(java.util.Comparator.comparing(Described::file))
        .forEach(page -> row(out, page));
    out.append(VALUES);
    return out.toString();
  }

  private static void row(StringBuilder out, Described page) {
    out.append("| [").append(page.title()).append("](").append(page.file()).append(".md) | ");
    out.append(cell(page.text())).append(" |\n");
  }

  private static final String VALUES =
      """

      ## Values

      | Value | How it is written |
      |---|---|
      | boolean | `true`, `on`, `yes`, or `false`, `off`, `no`, in any case |
      | integer, number | digits, with a point before a fraction |
      | duration | a number of seconds, which may have a fraction, or a whole number with `s`, `m`, `h` or `d`; an option in milliseconds takes a plain number |
      | size | a number of bytes, or one with `k`, `m` or `g`, which are decimal, or with `KiB`, `MiB` or `GiB`; for an option in binary units `k` is 1024 |
      | list | values with commas between; in YAML also a list |
      | repeatable | the option is given as often as there are values; in YAML a list |
      | regular expression | Ruby's syntax; `/.../imx` sets options |
      | secret | text that is never shown |

      `${NAME}` in a value stands for a variable of `env`, of `@SET`, or of the environment;
      `${NAME:-default}` for the default where it is unset or empty.
      """;
}
