package io.sluice.distribution;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// Who may know whom, over all modules.
@AnalyzeClasses(packages = "io.sluice", importOptions = DoNotIncludeTests.class)
class ModulesTest {
  private static final String[] COMPONENTS = {
    "io.sluice.receivers..",
    "io.sluice.processors..",
    "io.sluice.connectors..",
    "io.sluice.exporters..",
    "io.sluice.extensions.."
  };

  @ArchTest
  static final ArchRule ONLY_THE_DISTRIBUTION_SEES_ALL =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("core")
          .definedBy(
              "io.sluice.wire..",
              "io.sluice.data..",
              "io.sluice.telemetry..",
              "io.sluice.pipeline..",
              "io.sluice.component..",
              "io.sluice.export..",
              "io.sluice.service..")
          .layer("config")
          .definedBy("io.sluice.config..")
          .layer("transport")
          .definedBy("io.sluice.transport..")
          .layer("components")
          .definedBy(COMPONENTS)
          .layer("distribution")
          .definedBy("io.sluice.distribution..")
          .whereLayer("distribution")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("config")
          .mayOnlyBeAccessedByLayers("distribution")
          .whereLayer("components")
          .mayOnlyBeAccessedByLayers("distribution")
          .whereLayer("transport")
          .mayOnlyBeAccessedByLayers("components", "distribution");

  @ArchTest
  static final ArchRule COMPONENTS_OF_ONE_KIND_DO_NOT_SEE_THOSE_OF_ANOTHER =
      slices()
          .matching("io.sluice.(receivers|processors|connectors|exporters|extensions)..")
          .should()
          .notDependOnEachOther();

  @ArchTest
  static final ArchRule ONLY_CONFIG_KNOWS_YAML =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.sluice.config..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.snakeyaml..");

  @ArchTest
  static final ArchRule ONLY_MESSAGES_KNOWS_THE_GENERATED_CLASSES =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.sluice.wire..",
              "io.sluice.pipeline..",
              "io.sluice.export..",
              "io.sluice.service..",
              "io.sluice.transport..",
              "io.sluice.receivers..",
              "io.sluice.processors..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.google.protobuf..", "io.opentelemetry.proto..");
}
