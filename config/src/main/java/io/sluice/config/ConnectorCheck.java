package io.sluice.config;

import static java.util.stream.Collectors.joining;

import io.sluice.component.ComponentId;
import io.sluice.component.ConnectorFactory;
import io.sluice.component.Kind;
import io.sluice.config.Configuration.Reference;
import io.sluice.config.Configuration.Uses;
import io.sluice.data.Signal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Connectors: each end of one needs an other end that it can turn the signal into, and pipelines
/// joined by them must not run in a circle.
final class ConnectorCheck {
  private final Configuration configuration;
  private final Problems problems;

  ConnectorCheck(Configuration configuration, Problems problems) {
    this.configuration = configuration;
    this.problems = problems;
  }

  /// A pipeline and the reference in it to a connector.
  private record End(Uses pipeline, Reference reference) {
    Signal signal() {
      return pipeline.id().signal();
    }
  }

  private record Edge(ComponentId connector, Uses to) {}

  void run() {
    var edges = new LinkedHashMap<Uses, List<Edge>>();
    for (var bound : configuration.of(Kind.CONNECTOR).values()) {
      if (bound.factory() instanceof ConnectorFactory<?> factory) {
        connector(bound.id(), factory.pairs(), edges);
      }
    }
    new Circles(edges).report();
  }

  private void connector(
      ComponentId id, Map<Signal, Set<Signal>> pairs, Map<Uses, List<Edge>> edges) {
    var in = new ArrayList<End>();
    var out = new ArrayList<End>();
    for (var pipeline : configuration.pipelines()) {
      pipeline.exporters().stream()
          .filter(each -> each.id().equals(id))
          .findFirst()
          .ifPresent(each -> in.add(new End(pipeline, each)));
      pipeline.receivers().stream()
          .filter(each -> each.id().equals(id))
          .findFirst()
          .ifPresent(each -> out.add(new End(pipeline, each)));
    }
    in.forEach(end -> hasOtherEnd(id, end, out, "receiver", (a, b) -> leads(pairs, a, b)));
    out.forEach(end -> hasOtherEnd(id, end, in, "exporter", (a, b) -> leads(pairs, b, a)));
    for (var from : in) {
      for (var to : out) {
        if (leads(pairs, from, to)) {
          edges
              .computeIfAbsent(from.pipeline(), _ -> new ArrayList<>())
              .add(new Edge(id, to.pipeline()));
        }
      }
    }
  }

  private static boolean leads(Map<Signal, Set<Signal>> pairs, End from, End to) {
    return pairs.getOrDefault(from.signal(), Set.of()).contains(to.signal());
  }

  private interface Fit {
    boolean fits(End one, End other);
  }

  private void hasOtherEnd(ComponentId id, End end, List<End> others, String role, Fit fit) {
    if (others.stream().anyMatch(other -> fit.fits(end, other))) {
      return;
    }
    var found =
        others.isEmpty()
            ? "is not used as " + (role.equals("exporter") ? "an " : "a ") + role
            : "is used as "
                + (role.equals("exporter") ? "an " : "a ")
                + role
                + " only in "
                + others.stream().map(o -> o.pipeline().id().toString()).collect(joining(", "))
                + ", which it cannot join with "
                + end.signal();
    problems.error(
        end.reference().place(),
        end.reference().path(),
        "the connector '" + id + "' " + found + " (expected: a pipeline at its other end)");
  }

  /// Depth first; a pipeline that is met while it is still open closes a circle.
  private final class Circles {
    private final Map<Uses, List<Edge>> edges;
    private final Set<Uses> done = new HashSet<>();
    private final LinkedHashMap<Uses, @Nullable Edge> open = new LinkedHashMap<>();

    Circles(Map<Uses, List<Edge>> edges) {
      this.edges = edges;
    }

    void report() {
      configuration.pipelines().forEach(this::visit);
    }

    private void visit(Uses pipeline) {
      if (done.contains(pipeline)) {
        return;
      }
      for (var edge : edges.getOrDefault(pipeline, List.of())) {
        open.put(pipeline, edge);
        if (open.containsKey(edge.to())) {
          circle(edge.to());
        } else {
          visit(edge.to());
        }
        open.remove(pipeline);
      }
      done.add(pipeline);
    }

    private void circle(Uses start) {
      var text = new StringBuilder();
      boolean inside = false;
      for (var step : open.entrySet()) {
        inside |= step.getKey().equals(start);
        var edge = step.getValue();
        if (inside && edge != null) {
          text.append(step.getKey().id()).append(" -> ").append(edge.connector()).append(" -> ");
        }
      }
      problems.error(
          start.place(), start.path(), "the pipelines run in a circle: " + text + start.id());
    }
  }
}
