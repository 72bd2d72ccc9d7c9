package io.logboom.app.reference;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.logboom.api.meter.MeterId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Finds every meter of the program, and writes {@code docs/reference/metrics.md}. */
final class MetersReference {
  private MetersReference() {}

  /** All entries of all enums of meters, by the part of the program that has them. */
  static Map<String, List<MeterId>> all() {
    Map<String, List<MeterId>> all = new TreeMap<>();
    ClassFileImporter importer =
        new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests());
    for (JavaClass each : importer.importPackages("io.logboom")) {
      if (each.isEnum() && each.isAssignableTo(MeterId.class)) {
        all.computeIfAbsent(part(each), _ -> new ArrayList<>()).addAll(entries(each));
      }
    }
    return all;
  }

  private static List<MeterId> entries(JavaClass each) {
    List<MeterId> entries = new ArrayList<>();
    for (Object constant : each.reflect().getEnumConstants()) {
      entries.add((MeterId) constant);
    }
    return entries;
  }

  private static String part(JavaClass each) {
    String name = each.getPackageName().substring("io.logboom.".length());
    return switch (name) {
      case "core.meter" -> "Engine";
      case "app.monitor" -> "Process";
      case "net" -> "Network";
      case "net.tls" -> "TLS";
      case "aws" -> "AWS";
      default -> {
        String[] words = name.split("\\.");
        yield words[0].substring(0, 1).toUpperCase(Locale.ROOT)
            + words[0].substring(1)
            + " "
            + words[1];
      }
    };
  }

  /** The name under which a scrape shows it. */
  static String exported(MeterId id) {
    String unit = id.unit().isEmpty() ? "" : "_" + id.unit();
    return "logboom_" + id.metric() + unit + (id.kind() == MeterId.Kind.COUNTER ? "_total" : "");
  }

  static String markdown() {
    StringBuilder out = new StringBuilder();
    out.append("# Metrics\n\n")
        .append("What `/metrics` shows, in Prometheus's text format. Metrics of an instance carry")
        .append(" the label `name`: its alias, or `tail.0`.\n")
        .append("Under `/api/v1/metrics` and `/api/v2/metrics/prometheus` the same counts stand")
        .append(" under Fluent Bit's names.\n")
        .append("\nThis file is generated from the code.\n");
    all()
        .forEach(
            (part, ids) -> {
              out.append("\n## ").append(part).append("\n\n");
              out.append("| metric | type | meaning |\n|---|---|---|\n");
              for (MeterId id : ids) {
                out.append("| `").append(exported(id)).append("` | ");
                out.append(id.kind().name().toLowerCase(Locale.ROOT)).append(" | ");
                out.append(id.text().replace("|", "\\|")).append(" |\n");
              }
            });
    return out.toString();
  }
}
