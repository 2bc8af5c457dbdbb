package io.sluice.distribution;

import io.sluice.component.ComponentContext.Build;
import io.sluice.component.Health;
import io.sluice.component.Loop;
import io.sluice.distribution.MetricsEndpoint.Address;
import io.sluice.distribution.OwnExporters.Way;
import io.sluice.service.Environment;
import io.sluice.service.LogProcessor;
import io.sluice.service.MetricsConfig;
import io.sluice.service.OtlpDestination;
import io.sluice.service.PeriodicReader;
import io.sluice.service.TelemetryConfig;
import io.sluice.telemetry.Exposition;
import io.sluice.telemetry.Logs;
import io.sluice.telemetry.OtlpMetrics;
import io.sluice.telemetry.OtlpMetrics.Temporality;
import io.sluice.telemetry.Telemetry;
import io.sluice.transport.VertxLoop;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// The readers of own metrics and the processors of the own log, as the configuration of the moment has them. A reload first starts what
/// is new ([#prepare]); only once everything else has changed too does the rest follow
/// ([Change#commit]), or it goes back ([Change#undo]). Used by the thread of the process alone.
final class SelfTelemetry {
  /// For the last metrics to be sent, beside what the gateway needs to stop.
  private static final Duration STOP_MAX = Duration.ofSeconds(4);

  private final Environment environment;
  private final OwnExporters exporters;
  private final Logs logs;
  private final UUID instance;
  private final Instant start;
  private List<OwnOutlet> readers = List.of();

  SelfTelemetry(Environment environment, Health health, Logs logs, UUID instance) {
    this.environment = environment;
    this.exporters = new OwnExporters(environment, health);
    this.logs = logs;
    this.instance = instance;
    this.start = environment.clock().instant();
  }

  /// What own telemetry says of who it is from.
  static Map<String, String> resource(TelemetryConfig telemetry, Build build, UUID instance) {
    var resource = new LinkedHashMap<String, String>();
    resource.put("service.name", build.command());
    resource.put("service.version", build.version());
    resource.put("service.instance.id", instance.toString());
    telemetry
        .resourceAttributes()
        .forEach((key, value) ->
            value.ifPresentOrElse(
                given -> resource.put(key, String.valueOf(given)), () -> resource.remove(key)));
    return resource;
  }

  /// Starts the readers that are new; those that are no longer wanted go on, but for one that listens
  /// on a port that is wanted with another address.
  ///
  /// @throws RuntimeException if one cannot start; then all is as before
  Change prepare(TelemetryConfig next) throws InterruptedException {
    var change = new Change(next);
    try {
      change.start();
    } catch (RuntimeException e) {
      change.undo();
      throw e;
    }
    return change;
  }

  void stop() throws InterruptedException {
    for (var reader : readers) {
      quietly(reader.stop());
    }
    readers = List.of();
  }

  private void quietly(Future<Void> stopping) throws InterruptedException {
    try {
      GatewayProcess.await(stopping, STOP_MAX);
    } catch (RuntimeException e) {
      environment.log().warn("Own telemetry did not stop well", "error", String.valueOf(e));
    }
  }

  /// From one set of readers to the next.
  final class Change {
    private final TelemetryConfig config;
    private final Map<String, String> resource;
    private final List<OwnOutlet> leaving = new ArrayList<>(readers);
    private final List<OwnOutlet> kept = new ArrayList<>();
    private final List<OwnOutlet> started = new ArrayList<>();
    private final List<OwnOutlet> paused = new ArrayList<>();
    private final Map<MetricsEndpoint, Exposition> shown = new LinkedHashMap<>();

    private Change(TelemetryConfig config) {
      this.config = config;
      resource = resource(config, environment.build(), instance);
    }

    private void start() throws InterruptedException {
      var fresh = new ArrayList<OwnOutlet>();
      for (var wanted : config.metrics().served()) {
        place(endpoint(wanted), fresh);
      }
      for (var wanted : config.metrics().sent()) {
        place(sender(wanted), fresh);
      }
      for (var wanted : config.logs().processors()) {
        place(sender(wanted), fresh);
      }
      for (var reader : fresh) {
        makeRoom(reader);
        started.add(reader);
        GatewayProcess.await(paused.isEmpty() ? reader.start() : reader.startBehindAnother(), null);
      }
    }

    /// In the place of an equal one there is, or as a new one.
    private void place(OwnOutlet wanted, List<OwnOutlet> fresh) {
      var same = leaving.stream().filter(reader -> reader.key().equals(wanted.key())).findFirst();
      same.ifPresentOrElse(
          reader -> {
            leaving.remove(reader);
            kept.add(reader);
            if (reader instanceof MetricsEndpoint old && wanted instanceof MetricsEndpoint other) {
              shown.put(old, other.exposition());
            }
          },
          () -> fresh.add(wanted));
    }

    /// Two addresses may share a port, and the old one holds it.
    private void makeRoom(OwnOutlet reader) throws InterruptedException {
      for (var old : List.copyOf(leaving)) {
        if (reader.key() instanceof Address(_, var port)
            && old.key() instanceof Address(_, var taken)
            && port == taken
            && port != 0) {
          leaving.remove(old);
          paused.add(old);
          quietly(old.stop());
        }
      }
    }

    void commit() throws InterruptedException {
      shown.forEach(MetricsEndpoint::show);
      environment.telemetry().change(level(config.metrics()), config.metrics().shown());
      for (var reader : leaving) {
        quietly(reader.stop());
      }
      var all = new ArrayList<>(kept);
      all.addAll(started);
      readers = all;
    }

    void undo() throws InterruptedException {
      for (var reader : started) {
        quietly(reader.stop());
      }
      for (var reader : paused) {
        quietly(reader.startBehindAnother());
      }
    }

    private MetricsEndpoint endpoint(MetricsConfig.Prometheus reader) {
      return new MetricsEndpoint(
          (VertxLoop) environment.loops().home(Loop.Family.HTTP),
          new Address(reader.address(), reader.port()),
          new Exposition(
              environment.telemetry(),
              resource,
              new Exposition.Style(
                  reader.suffixes(),
                  !reader.withoutScopeInfo(),
                  reader.withResourceConstantLabels().map(MetricsConfig.Labels::names))));
    }

    private LogsSender sender(LogProcessor processor) {
      return new LogsSender(
          List.of(processor, resource),
          processor,
          way(processor.asBatch().exporter().otlp()),
          logs,
          resource);
    }

    private Way way(Optional<OtlpDestination> otlp) {
      return otlp.map(exporters::otlp).orElseGet(() -> exporters.console(System.out));
    }

    private MetricsSender sender(PeriodicReader reader) {
      var otlp = reader.exporter().otlp();
      var temporality =
          otlp.map(PeriodicReader.Otlp::temporalityPreference).orElse(Temporality.CUMULATIVE);
      return new MetricsSender(
          List.of(reader, resource),
          reader,
          way(otlp.map(PeriodicReader.Otlp::destination)),
          environment.telemetry(),
          new OtlpMetrics(resource, temporality, start),
          environment.log(),
          environment.clock());
    }
  }

  private static Telemetry.Level level(MetricsConfig metrics) {
    return Telemetry.Level.valueOf(metrics.level().name());
  }
}
