package io.sluice.exporters.debug;

import io.sluice.component.ComponentContext;
import io.sluice.component.Exporter;
import io.sluice.data.Batch;
import io.sluice.data.Signal;
import io.sluice.pipeline.Outcome;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.List;

/// Prints batches. Made for looking, not for load: text is made and written on the loop.
final class DebugExporter implements Exporter {
  private final DebugConfig config;
  private final ComponentContext context;
  private final Sampling summaries;
  private final Sampling texts;
  private Printer printer = Printer.NONE;
  private boolean running;

  DebugExporter(DebugConfig config, ComponentContext context) {
    this.config = config;
    this.context = context;
    summaries = new Sampling(config.samplingInitial(), config.samplingThereafter());
    texts = new Sampling(config.samplingInitial(), config.samplingThereafter());
  }

  @Override
  public Future<Void> start() {
    try {
      printer =
          config.useInternalLogger()
              ? Printer.to(context.log())
              : Printer.to(config.outputPaths().orElse(List.of("stdout")));
      running = true;
      return Future.succeededFuture();
    } catch (IOException e) {
      return Future.failedFuture(e);
    }
  }

  @Override
  public Future<Void> stop() {
    running = false;
    printer.close();
    printer = Printer.NONE;
    return Future.succeededFuture();
  }

  @Override
  public Future<Outcome> accept(Batch batch) {
    if (!running) {
      return Outcome.refused("debug: not running").now();
    }
    long now = context.loop().nanoTime();
    var counts = Counts.of(batch);
    if (summaries.passes(counts.title(), now)) {
      printer.print(batch.signal(), counts.title(), counts.fields());
    }
    if (config.verbosity() != DebugConfig.Verbosity.BASIC) {
      var text = text(batch);
      if (texts.passes(text, now)) {
        printer.print(batch.signal(), text);
      }
    }
    return Outcome.accepted();
  }

  /// Profiles have no detailed text of their own.
  private String text(Batch batch) {
    boolean detailed =
        config.verbosity() == DebugConfig.Verbosity.DETAILED && batch.signal() != Signal.PROFILES;
    var text = detailed ? new DetailedText().of(batch) : new NormalText().of(batch);
    return Printable.of(text);
  }
}
