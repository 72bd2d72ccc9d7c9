package io.logboom.core.config;

import io.logboom.api.config.Option.Refers;
import io.logboom.api.plugin.FilterPlugin;
import io.logboom.api.plugin.InputPlugin;
import io.logboom.api.plugin.OutputPlugin;
import io.logboom.api.plugin.Plugin;
import io.logboom.api.text.Regex;
import io.logboom.core.config.Binder.Reference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Rules that no section alone can break. */
final class CrossChecks {
  private final Findings findings;
  private final Set<String> parsers;
  private final Set<String> multilineParsers;
  private final Map<String, Reference> ownFiles = new HashMap<>();

  /**
   * @param parsers the names of all parsers
   * @param multilineParsers the names of all multiline parsers
   */
  CrossChecks(Findings findings, Set<String> parsers, Set<String> multilineParsers) {
    this.findings = findings;
    this.parsers = parsers;
    this.multilineParsers = multilineParsers;
  }

  void references(List<Reference> references) {
    for (Reference each : references) {
      switch (each.refers()) {
        case PARSER -> defined(each, "parser", parsers);
        case MULTILINE_PARSER -> defined(each, "multiline parser", multilineParsers);
        case OWN_FILE -> alone(each);
        case NOTHING -> {}
      }
    }
  }

  private void defined(Reference each, String kind, Set<String> names) {
    if (names.contains(each.name())) {
      return;
    }
    boolean other =
        each.refers() == Refers.PARSER
            ? multilineParsers.contains(each.name())
            : parsers.contains(each.name());
    findings.error(
        each.mark(),
        start(each) + ": there is no " + kind + " of this name",
        other
            ? "it is a " + (each.refers() == Refers.PARSER ? "multiline parser" : "parser")
            : Nearest.hint(each.name(), names, "define it in a file that parsers_file names"));
  }

  private static String start(Reference each) {
    return "option '" + each.option() + "' of " + each.what() + " = " + each.shown();
  }

  private void alone(Reference each) {
    Reference first = ownFiles.putIfAbsent(normal(each.name()), each);
    if (first != null) {
      findings.error(
          each.mark(),
          start(each) + ": two instances share a file of state and would spoil it",
          "give each its own; " + first.mark() + " has this one");
    }
  }

  private static String normal(String path) {
    try {
      return java.nio.file.Path.of(path).normalize().toString();
    } catch (java.nio.file.InvalidPathException e) {
      return path;
    }
  }

  /**
   * Whether there is something to collect and somewhere to send it, and whether every match can
   * take a record.
   *
   * @param whole whether all sections could be read; if not, what is missing may be in the rest
   */
  void routes(Tree tree, List<BoundStage> stages, boolean whole, Mark main) {
    if (whole && tree.of(SectionKind.INPUT).isEmpty()) {
      findings.error(main, "no input: there is nothing to collect", "add one, such as tail");
    }
    if (whole && tree.of(SectionKind.OUTPUT).isEmpty()) {
      findings.error(main, "no output: what is collected goes nowhere", "add one, such as es");
    }
    List<String> tags = new ArrayList<>();
    boolean known =
        whole && stages.size() == sections(tree) && !tree.of(SectionKind.INPUT).isEmpty();
    for (BoundStage stage : stages) {
      if (stage.kind() == SectionKind.INPUT) {
        String tag = stage.common() instanceof InputCommon common ? common.tag() : null;
        known &= tag != null && stage.config() != null && !setsTags(stage.plugin(), stage.config());
        tags.add(tag == null ? "*" : tag.replaceAll("<[^<>]*>", "*"));
      }
    }
    for (BoundStage stage : stages) {
      Record config = stage.config();
      switch (stage.common()) {
        case FilterCommon common -> {
          match(stage, common.match(), common.matchRegex(), known ? tags : List.of("*"));
          known &= config != null && !setsTags(stage.plugin(), config);
        }
        case OutputCommon common ->
            match(stage, common.match(), common.matchRegex(), known ? tags : List.of("*"));
        case null, default -> {}
      }
    }
  }

  private static int sections(Tree tree) {
    return tree.of(SectionKind.INPUT).size()
        + tree.of(SectionKind.FILTER).size()
        + tree.of(SectionKind.OUTPUT).size();
  }

  private static boolean setsTags(Plugin<?, ?> plugin, Record config) {
    return switch (plugin) {
      case InputPlugin<?> input -> inputSetsTags(input, config);
      case FilterPlugin<?> filter -> filterSetsTags(filter, config);
      case OutputPlugin<?> _ -> false;
    };
  }

  private static <C extends Record> boolean inputSetsTags(InputPlugin<C> plugin, Record config) {
    return plugin.setsTags(plugin.config().cast(config));
  }

  private static <C extends Record> boolean filterSetsTags(FilterPlugin<C> plugin, Record config) {
    return plugin.setsTags(plugin.config().cast(config));
  }

  private void match(
      BoundStage stage, @Nullable String match, @Nullable Regex regex, List<String> tags) {
    String what = Catalog.name(stage.kind()) + " " + stage.name();
    if (match == null && regex == null) {
      findings.error(
          stage.section().mark(),
          what + " has neither match nor match_regex and would get nothing",
          "match * takes all");
      return;
    }
    Predicate<String> takes =
        tag ->
            (match != null && Globs.overlap(match, tag))
                || (regex != null && (tag.contains("*") || fits(regex, tag)));
    if (tags.stream().noneMatch(takes)) {
      Entry entry = stage.section().first(match != null ? "match" : "match_regex");
      findings.error(
          entry == null ? stage.section().mark() : entry.valueMark(),
          what + " matches no input's tag: " + (entry == null ? Entry.quote("") : entry.shown()),
          Nearest.hint(
              match == null ? "" : match, tags, "the tags are " + String.join(", ", tags)));
    }
  }

  private static boolean fits(Regex regex, String tag) {
    byte[] bytes = tag.getBytes(StandardCharsets.UTF_8);
    Regex.Matcher matcher = regex.matcher();
    return matcher.startsWith(bytes, 0, bytes.length) && matcher.end(0) > 0;
  }
}
