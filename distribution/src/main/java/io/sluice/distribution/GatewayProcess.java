package io.sluice.distribution;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.component.ComponentContext.Build;
import io.sluice.component.Loop;
import io.sluice.config.InvalidConfigException;
import io.sluice.config.Loaded;
import io.sluice.config.Problem;
import io.sluice.service.ByteBudget;
import io.sluice.service.Environment;
import io.sluice.service.Gateway;
import io.sluice.service.Limits;
import io.sluice.service.LogsConfig;
import io.sluice.service.Plan;
import io.sluice.service.TelemetryConfig;
import io.sluice.telemetry.Books;
import io.sluice.telemetry.LibraryLogs;
import io.sluice.telemetry.Log;
import io.sluice.telemetry.LogSettings;
import io.sluice.telemetry.Logs;
import io.sluice.telemetry.ProcessMetrics;
import io.sluice.telemetry.Telemetry;
import io.sluice.telemetry.Why;
import io.sluice.transport.TransportLoops;
import io.sluice.wire.ArrayPool;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The gateway as a process: starts it, reloads it on SIGHUP, ends it on SIGTERM or SIGINT.
///
/// One thread, the one that called [#run], does all of that, one thing after the other.
final class GatewayProcess {
  /// How long a stop may take before what is left is abandoned, and counted, and said. Kubernetes kills
  /// after 30 s.
  private static final Duration STOP_MAX = Duration.ofSeconds(25);

  private static final Duration TIDY_EVERY = Duration.ofSeconds(1);
  private static final Duration TRIM_EVERY = Duration.ofSeconds(5);

  /// A system property for tests: arrays that are given back are overwritten.
  private static final String POISON = "sluice.poison";

  private final Supplier<Loaded> configuration;
  private final Function<Loaded, Orphans.Resolved> orphans;
  private final Build build;
  private final BlockingQueue<Wish> wishes = new LinkedBlockingQueue<>();
  private volatile Log signalled = Log.NONE;
  private final UUID instance = UUID.randomUUID();

  /// Warnings and notes on the configuration that runs.
  private Set<String> said = Set.of();

  private enum Wish {
    RELOAD,
    STOP
  }

  private static void trim(ArrayPool arrays, Loop loop) {
    loop.schedule(
        TRIM_EVERY,
        () -> {
          arrays.trim();
          trim(arrays, loop);
        });
  }

  private static ByteBudget budget(Limits limits) {
    long ready = limits.readyBytes();
    var arrays = Boolean.getBoolean(POISON) ? ArrayPool.poisoned(ready) : ArrayPool.of(ready);
    return ByteBudget.of(limits, arrays);
  }

  /// @param configuration reads the sources anew at each call
  /// @param orphans adds what a configuration leaves to be drained
  GatewayProcess(
      Supplier<Loaded> configuration, Function<Loaded, Orphans.Resolved> orphans, Build build) {
    this.configuration = configuration;
    this.orphans = orphans;
    this.build = build;
  }

  /// Returns when the gateway has stopped.
  ///
  /// @param ready is told once, when all runs
  /// @return the exit status
  int run(Loaded loaded, Runnable ready) throws InterruptedException {
    var plan = loaded.plan();
    try (var logs = new Logs(logSettings(plan.telemetry(), instance), InstantSource.system());
        var loops = TransportLoops.forProcessors(processors())) {
      LibraryLogs.leadTo(logs);
      var telemetry = new Telemetry(new SimpleMeterRegistry(), Telemetry.Level.NORMAL, new Books());
      ProcessMetrics.register(telemetry);
      var limits = Memory.limits();
      var budget = budget(limits);
      var environment =
          new Environment(loops, budget, telemetry, logs, InstantSource.system(), build);
      var gateway = new Gateway(environment);
      var self = new SelfTelemetry(environment, gateway.health(), logs, instance);
      logs.info(
          "Starting " + build.command() + "...",
          "Version",
          build.version(),
          "NumCPU",
          Runtime.getRuntime().availableProcessors(),
          "memory_budget",
          Memory.budget(),
          "memory_limits",
          limits);
      say(logs, loaded);
      signalled = logs;
      handleSignals();
      trim(budget.arrays(), loops.all().getFirst());
      try {
        self.prepare(plan.telemetry()).commit();
        await(gateway.start(whole(loaded, logs)), null);
      } catch (RuntimeException e) {
        logs.error("Cannot start pipelines", "error", Why.of(e));
        System.err.println("Error: cannot start pipelines: " + Why.of(e));
        return 1;
      }
      logs.info("Everything is ready. Begin running and processing data.");
      ready.run();
      obey(gateway, self, logs);
      logs.info("Shutdown complete.");
      return 0;
    }
  }

  /// Ends [#run], as SIGTERM does. From any thread.
  void stop() {
    wishes.add(Wish.STOP);
  }

  private void obey(Gateway gateway, SelfTelemetry self, Logs logs) throws InterruptedException {
    while (next(gateway, logs) == Wish.RELOAD) {
      reload(gateway, self, logs);
    }
    logs.info("Starting shutdown...");
    try {
      await(gateway.stop(), STOP_MAX);
    } catch (RuntimeException e) {
      logs.error(
          "Shutdown did not end in time; what was not delivered is lost.", "error", Why.of(e));
    }
    self.stop();
  }

  /// Tidies up as long as nobody wishes anything.
  private Wish next(Gateway gateway, Logs logs) throws InterruptedException {
    while (true) {
      var wish = wishes.poll(TIDY_EVERY.toMillis(), TimeUnit.MILLISECONDS);
      if (wish != null) {
        return wish;
      }
      try {
        await(gateway.tidy(), null);
      } catch (RuntimeException e) {
        logs.error("Cannot tidy up", "error", Why.of(e));
      }
    }
  }

  private void reload(Gateway gateway, SelfTelemetry self, Logs logs) throws InterruptedException {
    logs.info("Received SIGHUP, reloading the configuration.");
    try {
      var loaded = configuration.get();
      change(whole(loaded, logs), gateway, self, logs);
      say(logs, loaded);
      logs.info("Configuration reloaded.");
    } catch (InvalidConfigException wrong) {
      wrong.problems().forEach(problem -> logs.error("Configuration problem", "problem", problem));
      logs.error("The configuration was not reloaded; the one before goes on.");
    } catch (RuntimeException e) {
      logs.error("The configuration was not reloaded; the one before goes on.", "error", Why.of(e));
    }
  }

  /// With who is gone and has to be drained.
  private Plan whole(Loaded loaded, Logs logs) {
    var resolved = orphans.apply(loaded);
    resolved.warnings().forEach(warning -> logs.warn("Orphans", "warning", warning));
    return resolved.plan();
  }

  /// All of it, or nothing.
  private void change(Plan plan, Gateway gateway, SelfTelemetry self, Logs logs)
      throws InterruptedException {
    var metrics = self.prepare(plan.telemetry());
    var before = logs.settings();
    try {
      logs.change(logSettings(plan.telemetry(), instance));
      await(gateway.reload(plan), null);
    } catch (RuntimeException e) {
      logs.change(before);
      metrics.undo();
      throw e;
    }
    metrics.commit();
  }

  /// Says what the configuration before this one did not have. Lines move; paths tell.
  private void say(Logs logs, Loaded loaded) {
    var now = new HashSet<String>();
    news(loaded.warnings(), now)
        .forEach(warning -> logs.warn("Configuration warning", "warning", warning));
    news(loaded.notes(), now).forEach(note -> logs.info("Configuration note", "note", note));
    said = now;
  }

  private List<Problem> news(List<Problem> problems, Set<String> now) {
    return problems.stream()
        .filter(problem -> {
          var key = problem.path() + ": " + problem.what();
          now.add(key);
          return !said.contains(key);
        })
        .toList();
  }

  /// `null` waits for as long as it takes.
  static <T> T await(Future<T> future, @Nullable Duration atMost) throws InterruptedException {
    var result = future.toCompletionStage().toCompletableFuture();
    try {
      return atMost == null ? result.get() : result.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(Why.of(e), e);
    } catch (TimeoutException e) {
      throw new IllegalStateException("not done after " + atMost, e);
    }
  }

  private void handleSignals() {
    on("HUP", "hangup", Wish.RELOAD);
    on("TERM", "terminated", Wish.STOP);
    on("INT", "interrupt", Wish.STOP);
  }

  private void on(String signal, String words, Wish wish) {
    Signals.on(
        signal,
        () -> {
          signalled.info("Received signal from OS", "signal", words);
          wishes.add(wish);
        });
  }

  private LogSettings logSettings(TelemetryConfig telemetry, UUID instance) {
    var logs = telemetry.logs();
    var fields = new LinkedHashMap<String, Object>(logs.initialFields());
    if (!logs.disableZapResource()) {
      fields.put(LogSettings.RESOURCE, SelfTelemetry.resource(telemetry, build, instance));
    }
    return new LogSettings(
        logs.level().least(),
        logs.encoding() == LogsConfig.Encoding.JSON,
        !logs.disableCaller(),
        logs.sampling().map(s -> new LogSettings.Sampling(s.tick(), s.initial(), s.thereafter())),
        logs.outputPaths(),
        fields);
  }

  /// `SLUICE_LOOPS` overrides the number that loops are made for.
  private static int processors() {
    return Optional.ofNullable(System.getenv("SLUICE_LOOPS"))
        .map(loops -> Integer.parseInt(loops) * 2)
        .orElseGet(Runtime.getRuntime()::availableProcessors);
  }
}
