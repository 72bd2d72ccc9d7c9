package io.logboom.app.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.logboom.api.plugin.Plugin;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/** The directions between the parts, as docs/ARCHITECTURE.md draws them. */
@AnalyzeClasses(
    packages = "io.logboom",
    importOptions = {DoNotIncludeTests.class, ArchitectureTest.WhatShips.class})
final class ArchitectureTest {
  private static final String[] PLUGINS = {
    "io.logboom.input..", "io.logboom.filter..", "io.logboom.output.."
  };

  /** The testkit is for tests, though its classes are in a jar of their own. */
  static final class WhatShips implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("/testkit/");
    }
  }

  @ArchTest
  static final ArchRule theApiDependsOnNothingOfOurs =
      noClasses()
          .that()
          .resideInAPackage("io.logboom.api..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.logboom..")
                  .and(DescribedPredicate.not(resideInAPackage("io.logboom.api.."))))
          .because("the SPI is what everything else stands on");

  @ArchTest
  static final ArchRule theApiDependsOnNoLibrary =
      noClasses()
          .that()
          .resideInAPackage("io.logboom.api..")
          .should()
          .dependOnClassesThat(
              DescribedPredicate.not(
                  resideInAnyPackage("io.logboom.api..", "java..", "org.jspecify..")))
          .because("a plugin must not inherit a library from the SPI");

  @ArchTest
  static final ArchRule pluginsDoNotKnowTheEngine =
      noClasses()
          .that()
          .resideInAnyPackage(PLUGINS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.logboom.core..", "io.logboom.app..")
          .because("a plugin is written against the SPI alone");

  @ArchTest
  static final ArchRule pluginsDoNotKnowEachOther =
      classes()
          .that()
          .resideInAnyPackage(PLUGINS)
          .should(dependOnNoOtherPlugin())
          .because("each plugin can be taken out without another noticing");

  @ArchTest
  static final ArchRule theEngineDoesNotKnowPluginsOrTheNetwork =
      noClasses()
          .that()
          .resideInAPackage("io.logboom.core..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.logboom.input..",
              "io.logboom.filter..",
              "io.logboom.output..",
              "io.logboom.net..",
              "io.logboom.aws..",
              "io.logboom.app..")
          .because("the engine knows plugins through the SPI, and sends nothing itself");

  @ArchTest
  static final ArchRule theNetworkKnowsTheApiOnly =
      noClasses()
          .that()
          .resideInAPackage("io.logboom.net..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.logboom..")
                  .and(
                      DescribedPredicate.not(
                          resideInAnyPackage("io.logboom.net..", "io.logboom.api.."))));

  @ArchTest
  static final ArchRule theAwsModuleKnowsTheNetworkAndTheApiOnly =
      noClasses()
          .that()
          .resideInAPackage("io.logboom.aws..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.logboom..")
                  .and(
                      DescribedPredicate.not(
                          resideInAnyPackage(
                              "io.logboom.aws..", "io.logboom.net..", "io.logboom.api.."))));

  @ArchTest
  static final ArchRule onlyTheAwsModuleSeesItsSdk =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.logboom.aws..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("software.amazon..")
          .because("its classes are loaded only where an output to AWS is configured");

  @ArchTest
  static final ArchRule onlyTheKubernetesFilterSeesFabric8 =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.logboom.filter.kubernetes..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.fabric8..")
          .because("its classes are loaded only where the filter is configured");

  @ArchTest
  static final ArchRule onlyTheNetworkSeesNetty =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.logboom.net..", "io.logboom.filter.kubernetes..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.netty..")
          .because("all network I/O is in one module; only the Kubernetes client adapts to it");

  @ArchTest
  static final ArchRule noDatabindOnOurPaths =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.fasterxml.jackson.databind..")
          .because("jackson-core streams; databind costs memory and start time");

  @ArchTest
  static final ArchRule onlyTheConfigurationReadsYaml =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.logboom.core.config..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.yaml..");

  @ArchTest
  static final ArchRule onlyTheMeterPackageRegistersMeters =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.logboom.core.meter..", "io.logboom.app..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.micrometer..")
          .because("every meter has an entry in an enum");

  @ArchTest
  static final ArchRule onlyTheProgramSetsLoggingUp =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.logboom.app..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ch.qos.logback..");

  @ArchTest
  static final ArchRule aPluginShowsItsPluginAndItsConfigurationOnly =
      classes()
          .that()
          .resideInAnyPackage(PLUGINS)
          .and()
          .arePublic()
          .and(areTopLevel())
          .should(haveTheNameOfAPluginOrItsConfiguration());

  @ArchTest
  static final ArchRule noPackageIsADrawer =
      noClasses()
          .should()
          .resideInAnyPackage(
              "..util..",
              "..utils..",
              "..common..",
              "..impl..",
              "..manager..",
              "..misc..",
              "..helper..")
          .because("a package is named for what it does");

  @ArchTest
  static final ArchRule everyPackageIsNullMarked =
      classes()
          .that()
          .resideInAPackage("io.logboom..")
          .and(areTopLevel())
          .should(resideInANullMarkedPackage());

  @ArchTest
  static final ArchRule pluginsSendOnceAndLeaveRetriesToTheEngine =
      noClasses()
          .that()
          .resideInAPackage("io.logboom.output..")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.concurrent.ScheduledExecutorService")
          .because("queueing, retry and time are the engine's");

  @ArchTest
  static final ArchRule fieldsOfAPluginAreNotStaticState =
      com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields()
          .that()
          .areStatic()
          .and()
          .areDeclaredInClassesThat()
          .resideInAnyPackage(PLUGINS)
          .should()
          .beFinal()
          .because("two instances of a plugin must not meet");

  private static DescribedPredicate<JavaClass> areTopLevel() {
    return DescribedPredicate.describe(
        "are top level", c -> c.isTopLevelClass() && !c.getSimpleName().equals("package-info"));
  }

  /** {@code io.logboom.output.stdout} for anything in that package or below. */
  private static String plugin(JavaClass type) {
    List<String> parts = List.of(type.getPackageName().split("\\."));
    return String.join(".", parts.subList(0, Math.min(4, parts.size())));
  }

  private static ArchCondition<JavaClass> dependOnNoOtherPlugin() {
    DescribedPredicate<JavaClass> isPlugin = resideInAnyPackage(PLUGINS);
    return new ArchCondition<>("depend on no other plugin") {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        item.getDirectDependenciesFromSelf().stream()
            .filter(d -> isPlugin.test(d.getTargetClass()))
            .filter(d -> !plugin(d.getTargetClass()).equals(plugin(item)))
            .forEach(d -> events.add(SimpleConditionEvent.violated(d, d.getDescription())));
      }
    };
  }

  private static ArchCondition<JavaClass> haveTheNameOfAPluginOrItsConfiguration() {
    return new ArchCondition<>("be an XPlugin (a Plugin) or an XConfig (a record)") {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        boolean plugin =
            item.getSimpleName().endsWith("Plugin") && item.isAssignableTo(Plugin.class);
        boolean config = item.getSimpleName().endsWith("Config") && item.isRecord();
        if (!plugin && !config) {
          events.add(
              SimpleConditionEvent.violated(item, item.getName() + " is public for no reason"));
        }
      }
    };
  }

  private static ArchCondition<JavaClass> resideInANullMarkedPackage() {
    return new ArchCondition<>("reside in a package that is @NullMarked") {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        JavaPackage where = item.getPackage();
        if (!where.isAnnotatedWith(NullMarked.class)) {
          events.add(
              SimpleConditionEvent.violated(
                  item, where.getName() + " has no package-info with @NullMarked"));
        }
      }
    };
  }

  /** That the rules have something to look at: an empty import would satisfy all of them. */
  @ArchTest
  static void allPartsAreLookedAt(JavaClasses classes) {
    for (String part :
        List.of(
            "api.batch",
            "core.pipeline",
            "net.server",
            "net.msgpack",
            "net.forward",
            "net.stream",
            "net.ingest",
            "input.tail",
            "input.forward",
            "input.http",
            "filter.kubernetes",
            "output.elasticsearch",
            "output.loki",
            "output.cloudwatch",
            "output.forward",
            "output.stdout",
            "app.cli")) {
      if (classes.stream().noneMatch(c -> c.getPackageName().equals("io.logboom." + part))) {
        throw new AssertionError("no class of io.logboom." + part + " was found");
      }
    }
    if (classes.stream().noneMatch(c -> c.getModifiers().contains(JavaModifier.PUBLIC))) {
      throw new AssertionError("no public class was found");
    }
  }
}
