package io.sluice;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// The order of the packages of this module, from the ground up.
@AnalyzeClasses(packages = "io.sluice", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule EACH_PACKAGE_USES_THOSE_BEFORE_IT =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("wire")
          .definedBy("io.sluice.wire..")
          .layer("data")
          .definedBy("io.sluice.data..")
          .layer("telemetry")
          .definedBy("io.sluice.telemetry..")
          .layer("pipeline")
          .definedBy("io.sluice.pipeline..")
          .layer("component")
          .definedBy("io.sluice.component..")
          .layer("disk")
          .definedBy("io.sluice.disk..")
          .layer("export")
          .definedBy("io.sluice.export..")
          .layer("service")
          .definedBy("io.sluice.service..")
          .whereLayer("service")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("export")
          .mayOnlyBeAccessedByLayers("service")
          .whereLayer("disk")
          .mayOnlyBeAccessedByLayers("export", "service")
          .whereLayer("component")
          .mayOnlyBeAccessedByLayers("disk", "export", "service")
          .whereLayer("pipeline")
          .mayOnlyBeAccessedByLayers("component", "disk", "export", "service")
          .whereLayer("telemetry")
          .mayOnlyBeAccessedByLayers("pipeline", "component", "disk", "export", "service")
          .whereLayer("data")
          .mayOnlyBeAccessedByLayers(
              "telemetry", "pipeline", "component", "disk", "export", "service");

  @ArchTest
  static final ArchRule NO_CYCLES = slices().matching("io.sluice.(*)..").should().beFreeOfCycles();
}
