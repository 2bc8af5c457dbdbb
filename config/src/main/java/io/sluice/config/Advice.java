package io.sluice.config;

import static io.sluice.config.Problems.path;

import io.sluice.component.Delivery;
import io.sluice.component.Kind;
import io.sluice.component.QueueConfig;
import io.sluice.config.Configuration.Uses;
import io.sluice.config.Tree.Mapping;
import io.sluice.config.Tree.Scalar;
import io.sluice.service.JoinedBehind;
import io.sluice.service.Plan;
import io.sluice.service.Plan.ExporterPart;
import io.sluice.service.Plan.Pipeline;
import io.sluice.service.Plan.ReceiverPart;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Warnings about what is legal but loses data. Each rule looks at one thing; what needs to know a
/// component from inside is said by that component's configuration ([io.sluice.component.Checked]).
final class Advice {
  private static final String MEMORY_LIMITER = "memory_limiter";

  private final Problems problems;

  Advice(Problems problems) {
    this.problems = problems;
  }

  void on(Plan plan, Configuration configuration, Mapping tree) {
    var uses = new HashMap<String, Uses>();
    configuration.pipelines().forEach(each -> uses.put(each.id().toString(), each));
    var behind = JoinedBehind.of(plan);
    for (var pipeline : plan.pipelines()) {
      var written = uses.get(pipeline.id().toString());
      if (written != null) {
        memoryIsLimited(pipeline, written);
        nothingAnswersBeforeTheDisk(pipeline, behind, written);
      }
    }
    exportersDoNotGiveUpAtOnce(plan, configuration);
    for (var kind : List.of(Kind.RECEIVER, Kind.EXTENSION)) {
      if (tree.entries().get(kind.section()) instanceof Tree.Entry(_, Mapping section)) {
        nothingListensOpenly(section, kind.section());
      }
    }
  }

  private void memoryIsLimited(Pipeline pipeline, Uses written) {
    boolean receives = pipeline.sources().stream().anyMatch(ReceiverPart.class::isInstance);
    boolean limited =
        pipeline.processors().stream()
            .anyMatch(part -> part.factory().type().equals(MEMORY_LIMITER));
    if (receives && !limited) {
      problems.warning(
          written.place(),
          written.path(),
          "no memory_limiter: senders are refused only when the gateway's whole budget is used up");
    }
  }

  /// A stage that answers before the data is stored breaks the promise of the disk queue.
  private void nothingAnswersBeforeTheDisk(Pipeline pipeline, JoinedBehind behind, Uses written) {
    boolean stored =
        pipeline.targets().stream()
            .anyMatch(target ->
                target instanceof ExporterPart<?> part
                    && delivery(part).queue().flatMap(QueueConfig::storage).isPresent());
    for (var part : pipeline.processors()) {
      if (behind.of(pipeline).filter(part::equals).isPresent()) {
        problems.note(
            written.place(),
            path(written.path(), "processors"),
            "'"
                + part.id()
                + "' joins batches behind the disk queue: senders are answered when the data is"
                + " stored, the exporter gets batches of the size that is asked for");
      } else if (stored && part.factory().answersEarly()) {
        problems.warning(
            written.place(),
            path(written.path(), "processors"),
            "'"
                + part.id()
                + "' answers senders before the disk queue behind it has stored the data");
      }
    }
  }

  private static <C extends Record> Delivery delivery(ExporterPart<C> part) {
    return part.factory().delivery(part.config());
  }

  private void exportersDoNotGiveUpAtOnce(Plan plan, Configuration configuration) {
    Map<String, ExporterPart<?>> exporters = new HashMap<>();
    plan.pipelines().stream()
        .flatMap(pipeline -> pipeline.targets().stream())
        .forEach(target -> {
          if (target instanceof ExporterPart<?> part) {
            exporters.put(part.id().toString(), part);
          }
        });
    exporters.forEach((id, part) -> {
      var delivery = delivery(part);
      if (!delivery.equals(Delivery.DIRECT)
          && delivery.queue().isEmpty()
          && !delivery.retry().enabled()) {
        Optional.ofNullable(configuration.of(Kind.EXPORTER).get(part.id()))
            .ifPresent(bound ->
                problems.warning(
                    bound.place(),
                    path(Kind.EXPORTER.section(), id),
                    "neither sending_queue nor retry_on_failure: each failure goes back to the sender"));
      }
    });
  }

  private void nothingListensOpenly(Mapping mapping, String path) {
    mapping
        .entries()
        .forEach((key, entry) -> {
          if (entry.value() instanceof Mapping inner) {
            nothingListensOpenly(inner, path(path, key));
          } else if (key.equals("endpoint")
              && entry.value() instanceof Scalar scalar
              && scalar.value() instanceof String endpoint
              && isOpen(endpoint)
              && !mapping.entries().containsKey("auth")) {
            problems.note(
                scalar.place(),
                path(path, key),
                "'" + endpoint + "' is open to every network, without auth");
          }
        });
  }

  private static boolean isOpen(String endpoint) {
    return endpoint.startsWith("0.0.0.0:")
        || endpoint.startsWith("[::]:")
        || endpoint.startsWith(":");
  }
}
