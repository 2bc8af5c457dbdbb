package io.sluice.service;

import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.Findings;
import java.time.Duration;
import java.util.Optional;

/// One of `service::telemetry::logs::processors`: sends the gateway's own log somewhere.
public record LogProcessor(
    @Doc("Sends lines together.") Optional<Batch> batch,
    @Doc("Sends lines as they come.") Optional<Simple> simple)
    implements Checked {
  /// @param maxQueueSize lines beyond are dropped
  public record Batch(
      @Doc("Milliseconds that lines wait for others.") long scheduleDelay,
      @Doc("Milliseconds that one sending may take.") long exportTimeout,
      @Doc("Lines sent together at most.") int maxExportBatchSize,
      @Doc("Lines that wait at most; more are dropped.") int maxQueueSize,
      @Doc("Where they go.") Exporter exporter)
      implements Checked {
    public static Batch defaults() {
      return new Batch(1000, 30_000, 512, 2048, Exporter.defaults());
    }

    @Override
    public void check(Findings findings) {
      findings.require(scheduleDelay > 0, "schedule_delay", scheduleDelay + " (expected: > 0)");
      findings.require(exportTimeout > 0, "export_timeout", exportTimeout + " (expected: > 0)");
      findings.require(
          maxExportBatchSize > 0, "max_export_batch_size", maxExportBatchSize + " (expected: > 0)");
      findings.require(maxQueueSize > 0, "max_queue_size", maxQueueSize + " (expected: > 0)");
    }
  }

  public record Simple(@Doc("Where they go.") Exporter exporter) {
    public static Simple defaults() {
      return new Simple(Exporter.defaults());
    }
  }

  /// One of the two.
  public record Exporter(
      @Doc("Sends them by OTLP.") Optional<OtlpDestination> otlp,
      @Doc("Writes them to standard output, as lines of OTLP/JSON.")
          Optional<PeriodicReader.Console> console)
      implements Checked {
    public static Exporter defaults() {
      return new Exporter(Optional.empty(), Optional.empty());
    }

    @Override
    public void check(Findings findings) {
      findings.require(
          otlp.isPresent() != console.isPresent(),
          "",
          (otlp.isPresent() ? "two exporters" : "no exporter") + " (expected: otlp or console)");
    }
  }

  public static LogProcessor defaults() {
    return new LogProcessor(Optional.empty(), Optional.empty());
  }

  /// A simple one sends what there is at once.
  public Batch asBatch() {
    var standard = Batch.defaults();
    return batch.orElseGet(() ->
        new Batch(
            1,
            standard.exportTimeout,
            standard.maxExportBatchSize,
            standard.maxQueueSize,
            simple.orElse(Simple.defaults()).exporter));
  }

  public Duration delay() {
    return Duration.ofMillis(asBatch().scheduleDelay);
  }

  public Duration patience() {
    return Duration.ofMillis(asBatch().exportTimeout);
  }

  @Override
  public void check(Findings findings) {
    findings.require(
        batch.isPresent() != simple.isPresent(),
        "",
        "a processor of "
            + (batch.isPresent() ? "two kinds" : "no kind")
            + " (expected: batch or simple)");
  }
}
