package io.sluice.config;

import static io.sluice.config.Problems.path;

import io.sluice.component.ComponentFactory;
import io.sluice.component.ComponentId;
import io.sluice.component.ConnectorFactory;
import io.sluice.component.ExporterFactory;
import io.sluice.component.ExtensionFactory;
import io.sluice.component.Kind;
import io.sluice.component.ProcessorFactory;
import io.sluice.component.QueueConfig;
import io.sluice.component.ReceiverFactory;
import io.sluice.config.Configuration.Bound;
import io.sluice.config.Configuration.Reference;
import io.sluice.config.Configuration.Uses;
import io.sluice.data.Signal;
import io.sluice.service.Limits;
import io.sluice.service.Plan;
import io.sluice.service.Plan.ConnectorPart;
import io.sluice.service.Plan.ExporterPart;
import io.sluice.service.Plan.ExtensionPart;
import io.sluice.service.Plan.Pipeline;
import io.sluice.service.Plan.ProcessorPart;
import io.sluice.service.Plan.ReceiverPart;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Follows the names in the service section and makes the plan. All references are checked, not just
/// up to the first that fails.
final class PlanBuilder {
  private final Configuration configuration;
  private final FeatureGates gates;
  private final Limits limits;
  private final Problems problems;

  PlanBuilder(Configuration configuration, FeatureGates gates, Limits limits, Problems problems) {
    this.configuration = configuration;
    this.gates = gates;
    this.limits = limits;
    this.problems = problems;
  }

  /// A plan without what is wrong; of use only if there are no problems.
  Plan build() {
    somethingIsConfigured();
    connectorIdsAreUnambiguous();
    allFitsIntoMemory();
    var pipelines = configuration.pipelines().stream().map(this::pipeline).toList();
    metadataArrives(pipelines);
    new ConnectorCheck(configuration, problems).run();
    return new Plan(configuration.telemetry(), extensions(), pipelines);
  }

  /// @param pipelines as they are written, one for each
  private void metadataArrives(List<Pipeline> pipelines) {
    var check = new MetadataCheck(pipelines, problems);
    for (int i = 0; i < pipelines.size(); i++) {
      check.on(pipelines.get(i), configuration.pipelines().get(i));
    }
  }

  private void somethingIsConfigured() {
    if (gates.isOn(FeatureGates.ALLOW_NO_PIPELINES)) {
      return;
    }
    for (var kind : List.of(Kind.RECEIVER, Kind.EXPORTER)) {
      if (configuration.declared(kind).isEmpty()) {
        problems.error(
            configuration.place(),
            kind.section(),
            "no " + kind + " is configured (expected: at least one)");
      }
    }
    if (!configuration.writesPipelines()) {
      problems.error(
          configuration.place(),
          "service::pipelines",
          "no pipeline is configured (expected: at least one)");
    }
  }

  private void connectorIdsAreUnambiguous() {
    for (var bound : configuration.of(Kind.CONNECTOR).values()) {
      for (var kind : List.of(Kind.RECEIVER, Kind.EXPORTER)) {
        if (configuration.declared(kind).contains(bound.id())) {
          problems.error(
              bound.place(),
              path(Kind.CONNECTOR.section(), bound.id().toString()),
              "the id is that of a connector and of "
                  + (kind == Kind.RECEIVER ? "a receiver" : "an exporter")
                  + " (expected: one of them)");
        }
      }
    }
  }

  /// Counts are bounds inside the budget; a number of bytes above it is a mistake.
  private void allFitsIntoMemory() {
    for (var kind : Kind.values()) {
      configuration.of(kind).values().forEach(this::fitsIntoMemory);
    }
  }

  private <C extends Record> void fitsIntoMemory(Bound<C> bound) {
    bound
        .factory()
        .bytesAtOnce(bound.config())
        .forEach((key, bytes) -> {
          if (bytes > limits.inFlightBytes()) {
            problems.error(
                bound.place(),
                path(bound.factory().kind().section(), bound.id().toString()) + "::" + key,
                "%d bytes (expected: at most %d, which is what may be in flight here; GOMEMLIMIT or a larger limit of the cgroup give more)"
                    .formatted(bytes, limits.inFlightBytes()));
          }
        });
  }

  private List<ExtensionPart<?>> extensions() {
    var parts = new LinkedHashMap<ComponentId, ExtensionPart<?>>();
    for (var reference : configuration.extensions()) {
      found(reference, Kind.EXTENSION)
          .ifPresent(bound -> parts.putIfAbsent(bound.id(), extension(bound)));
    }
    return List.copyOf(parts.values());
  }

  private Pipeline pipeline(Uses uses) {
    if (uses.id().signal() == Signal.PROFILES && !gates.isOn(FeatureGates.PROFILES_SUPPORT)) {
      problems.error(
          uses.place(),
          uses.path(),
          "profiles need the feature gate " + FeatureGates.PROFILES_SUPPORT);
    }
    return new Pipeline(uses.id(), sources(uses), processors(uses), targets(uses));
  }

  private List<Plan.Source> sources(Uses uses) {
    var parts = new LinkedHashMap<ComponentId, Plan.Source>();
    for (var reference : uses.receivers()) {
      found(reference, Kind.RECEIVER, Kind.CONNECTOR)
          .filter(bound -> serves(bound, uses, reference))
          .ifPresent(bound -> parts.putIfAbsent(bound.id(), source(bound)));
    }
    return List.copyOf(parts.values());
  }

  private List<Plan.Target> targets(Uses uses) {
    var parts = new LinkedHashMap<ComponentId, Plan.Target>();
    for (var reference : uses.exporters()) {
      found(reference, Kind.EXPORTER, Kind.CONNECTOR)
          .filter(bound -> serves(bound, uses, reference))
          .ifPresent(bound -> parts.putIfAbsent(bound.id(), target(bound)));
    }
    return List.copyOf(parts.values());
  }

  private List<ProcessorPart<?>> processors(Uses uses) {
    var parts = new ArrayList<ProcessorPart<?>>();
    var seen = new HashSet<ComponentId>();
    for (var reference : uses.processors()) {
      if (!seen.add(reference.id())) {
        problems.error(
            reference.place(), reference.path(), "'" + reference.id() + "' stands twice");
      }
      found(reference, Kind.PROCESSOR)
          .filter(bound -> serves(bound, uses, reference))
          .ifPresent(bound -> parts.add(processor(bound)));
    }
    return parts;
  }

  private Optional<Bound<?>> found(Reference reference, Kind... kinds) {
    var declared = new HashSet<ComponentId>();
    for (var kind : kinds) {
      var bound = configuration.of(kind).get(reference.id());
      if (bound != null) {
        return Optional.of(bound);
      }
      declared.addAll(configuration.declared(kind));
    }
    if (!declared.contains(reference.id())) {
      problems.error(
          reference.place(),
          reference.path(),
          "'"
              + reference.id()
              + "' is not configured as "
              + (kinds[0] == Kind.EXPORTER || kinds[0] == Kind.EXTENSION ? "an " : "a ")
              + kinds[0]
              + Nearest.hint(reference.id().toString(), texts(declared)));
    }
    return Optional.empty();
  }

  private static Set<String> texts(Collection<ComponentId> ids) {
    var texts = new HashSet<String>();
    ids.forEach(id -> texts.add(id.toString()));
    return texts;
  }

  private boolean serves(Bound<?> bound, Uses uses, Reference reference) {
    return carries(bound, uses, reference) && isApt(bound, uses);
  }

  /// Said where the component is configured, as that is what has to change.
  private <C extends Record> boolean isApt(Bound<C> bound, Uses uses) {
    var objections =
        new ArrayList<>(bound.factory().objections(bound.config(), uses.id().signal()));
    missingStorage(bound).ifPresent(objections::add);
    var section = bound.factory().kind().section();
    for (var objection : objections) {
      problems.error(
          bound.place(),
          path(section, bound.id().toString()),
          objection + " (used in " + uses.path() + ")");
    }
    return objections.isEmpty();
  }

  /// A queue that was asked to be on disk must not be in memory without a word.
  private <C extends Record> Optional<String> missingStorage(Bound<C> bound) {
    return bound.factory() instanceof ExporterFactory<C> exporter
        ? exporter
            .delivery(bound.config())
            .queue()
            .flatMap(QueueConfig::storage)
            .filter(id -> configuration.extensions().stream().noneMatch(ref -> ref.id().equals(id)))
            .map(id ->
                "sending_queue::storage: no storage extension '"
                    + id
                    + "' runs (expected: the id of one in service::extensions)")
        : Optional.empty();
  }

  /// Connectors have a check of their own.
  private boolean carries(Bound<?> bound, Uses uses, Reference reference) {
    boolean carries =
        bound.factory().kind() == Kind.CONNECTOR
            || bound.factory().signals().containsKey(uses.id().signal());
    if (!carries) {
      problems.error(
          reference.place(),
          reference.path(),
          "'"
              + bound.id()
              + "' does not support "
              + uses.id().signal()
              + " (expected: "
              + String.join(
                  ", ",
                  bound.factory().signals().keySet().stream()
                      .map(Signal::toString)
                      .sorted()
                      .toList())
              + ")");
    }
    return carries;
  }

  private static <C extends Record> Plan.Source source(Bound<C> bound) {
    return switch (bound.factory()) {
      case ReceiverFactory<C> f -> new ReceiverPart<>(bound.id(), f, bound.config());
      case ConnectorFactory<C> f -> new ConnectorPart<>(bound.id(), f, bound.config());
      default -> throw unexpected(bound.factory());
    };
  }

  private static <C extends Record> Plan.Target target(Bound<C> bound) {
    return switch (bound.factory()) {
      case ExporterFactory<C> f -> new ExporterPart<>(bound.id(), f, bound.config());
      case ConnectorFactory<C> f -> new ConnectorPart<>(bound.id(), f, bound.config());
      default -> throw unexpected(bound.factory());
    };
  }

  private static <C extends Record> ProcessorPart<C> processor(Bound<C> bound) {
    return switch (bound.factory()) {
      case ProcessorFactory<C> f -> new ProcessorPart<>(bound.id(), f, bound.config());
      default -> throw unexpected(bound.factory());
    };
  }

  private static <C extends Record> ExtensionPart<C> extension(Bound<C> bound) {
    return switch (bound.factory()) {
      case ExtensionFactory<C> f -> new ExtensionPart<>(bound.id(), f, bound.config());
      default -> throw unexpected(bound.factory());
    };
  }

  private static IllegalStateException unexpected(ComponentFactory<?> factory) {
    return new IllegalStateException("a " + factory.kind() + " in the wrong place");
  }
}
