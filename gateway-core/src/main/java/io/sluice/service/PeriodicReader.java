package io.sluice.service;

import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.Findings;
import io.sluice.component.Squash;
import io.sluice.telemetry.OtlpMetrics.Temporality;
import java.time.Duration;
import java.util.Optional;

/// `periodic` among the readers of own metrics.
public record PeriodicReader(
    @Doc("Milliseconds between two sendings.") long interval,
    @Doc("Milliseconds that one sending may take.") long timeout,
    @Doc("Where they go.") Exporter exporter)
    implements Checked {
  private static final long INTERVAL_MS = 60_000;
  private static final long TIMEOUT_MS = 30_000;

  /// One of the two.
  public record Exporter(
      @Doc("Sends them by OTLP.") Optional<Otlp> otlp,
      @Doc("Writes them to standard output, as one line of OTLP/JSON each time.")
          Optional<Console> console)
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

  /// Has no keys.
  public record Console() {
    public static Console defaults() {
      return new Console();
    }
  }

  public record Otlp(
      @Squash OtlpDestination destination,
      @Doc("What counters and histograms tell: cumulative, delta or lowmemory.")
          Temporality temporalityPreference,
      @Doc("Form of histograms.") HistogramForm defaultHistogramAggregation)
      implements Checked {
    public static Otlp defaults() {
      return new Otlp(
          OtlpDestination.defaults(),
          Temporality.CUMULATIVE,
          HistogramForm.EXPLICIT_BUCKET_HISTOGRAM);
    }

    @Override
    public void check(Findings findings) {
      if (defaultHistogramAggregation != HistogramForm.EXPLICIT_BUCKET_HISTOGRAM) {
        findings.warning(
            "default_histogram_aggregation", "histograms are sent with explicit buckets");
      }
    }
  }

  public enum HistogramForm {
    EXPLICIT_BUCKET_HISTOGRAM,
    BASE2_EXPONENTIAL_BUCKET_HISTOGRAM
  }

  public static PeriodicReader defaults() {
    return new PeriodicReader(INTERVAL_MS, TIMEOUT_MS, Exporter.defaults());
  }

  public Duration period() {
    return Duration.ofMillis(interval == 0 ? INTERVAL_MS : interval);
  }

  public Duration patience() {
    return Duration.ofMillis(timeout == 0 ? TIMEOUT_MS : timeout);
  }

  @Override
  public void check(Findings findings) {
    findings.require(interval >= 0, "interval", interval + " (expected: >= 0)");
    findings.require(timeout >= 0, "timeout", timeout + " (expected: >= 0)");
  }
}
