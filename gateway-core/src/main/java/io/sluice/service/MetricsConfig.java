package io.sluice.service;

import io.sluice.component.AnyCase;
import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.EmptyIsOff;
import io.sluice.component.Findings;
import io.sluice.telemetry.Telemetry.Level;
import io.sluice.telemetry.View;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// `service::telemetry::metrics`.
public record MetricsConfig(
    @Doc("How much is measured: none, basic, normal or detailed.") @AnyCase Level level,
    @Doc("How metrics leave: pull readers, which serve them, and periodic ones, which send them.")
        List<Reader> readers,
    @Doc("Changes to single metrics; only at level detailed.") List<ViewConfig> views)
    implements Checked {
  /// One of the two.
  public record Reader(
      @Doc("Metrics are fetched from the gateway.") @EmptyIsOff Optional<Pull> pull,
      @Doc("Metrics are sent by the gateway.") @EmptyIsOff Optional<PeriodicReader> periodic)
      implements Checked {
    public static Reader defaults() {
      return new Reader(Optional.empty(), Optional.empty());
    }

    @Override
    public void check(Findings findings) {
      findings.require(
          pull.isPresent() != periodic.isPresent(),
          "",
          "a reader of "
              + (pull.isPresent() ? "two kinds" : "no kind")
              + " (expected: pull or periodic)");
    }
  }

  public record Pull(@Doc("Who serves them.") Exporter exporter) {
    public static Pull defaults() {
      return new Pull(Exporter.defaults());
    }
  }

  public record Exporter(
      @Doc("Serves metrics in the Prometheus text format on /metrics.") @EmptyIsOff
          Optional<Prometheus> prometheus)
      implements Checked {
    public static Exporter defaults() {
      return new Exporter(Optional.empty());
    }

    @Override
    public void check(Findings findings) {
      findings.require(
          prometheus.isPresent(), "", "no exporter (expected: prometheus with host and port)");
    }
  }

  public record Prometheus(
      @Doc("Address to listen on.") String host,
      @Doc("Port to listen on; 0 for any free one.") int port,
      @Doc("Leave out the labels otel_scope_*.") boolean withoutScopeInfo,
      @Doc("Leave out the unit at the end of a metric's name, if without_type_suffix too.")
          boolean withoutUnits,
      @Doc("Leave out `_total` at the end of a counter's name, if without_units too.")
          boolean withoutTypeSuffix,
      @Doc("Resource attributes that become labels of each series.") @EmptyIsOff
          Optional<Labels> withResourceConstantLabels)
      implements Checked {
    public static Prometheus defaults() {
      return new Prometheus("localhost", 8888, true, true, true, Optional.empty());
    }

    @Override
    public void check(Findings findings) {
      findings.require(!host.isEmpty(), "host", "nothing (expected: an address to listen on)");
      findings.require(port >= 0 && port <= 65535, "port", port + " (expected: 0 to 65535)");
    }

    /// As the Collector: there are both suffixes unless both are turned off.
    public boolean suffixes() {
      return !withoutUnits || !withoutTypeSuffix;
    }

    /// Without the brackets of an IPv6 address.
    public String address() {
      return host.startsWith("[") && host.endsWith("]")
          ? host.substring(1, host.length() - 1)
          : host;
    }
  }

  public record Labels(
      @Doc("Names of attributes; none for all.") List<String> included,
      @Doc("Names that do not count.") List<String> excluded)
      implements Checked {
    public static Labels defaults() {
      return new Labels(List.of(), List.of());
    }

    public View.Names names() {
      return new View.Names(included, excluded);
    }

    @Override
    public void check(Findings findings) {
      included.stream()
          .filter(excluded::contains)
          .forEach(name ->
              findings.error("included", "'" + name + "' is excluded too (expected: one of both)"));
    }
  }

  public static MetricsConfig defaults() {
    return new MetricsConfig(
        Level.NORMAL,
        List.of(
            new Reader(
                Optional.of(new Pull(new Exporter(Optional.of(Prometheus.defaults())))),
                Optional.empty())),
        List.of());
  }

  /// Where metrics are to be served; empty at level none.
  public List<Prometheus> served() {
    return level == Level.NONE
        ? List.of()
        : readers.stream()
            .flatMap(reader -> reader.pull().stream())
            .flatMap(pull -> pull.exporter().prometheus().stream())
            .toList();
  }

  /// What is to be sent; nothing at level none.
  public List<PeriodicReader> sent() {
    return level == Level.NONE
        ? List.of()
        : readers.stream().flatMap(reader -> reader.periodic().stream()).toList();
  }

  public List<View> shown() {
    return views.stream().flatMap(view -> view.view().stream()).toList();
  }

  @Override
  public void check(Findings findings) {
    findings.require(
        level == Level.NONE || !readers.isEmpty(),
        "readers",
        "none (expected: at least one, or level: none)");
    findings.require(
        level == Level.DETAILED || views.isEmpty(),
        "views",
        "views at level "
            + level.name().toLowerCase(Locale.ROOT)
            + " (expected: only at level detailed)");
  }
}
