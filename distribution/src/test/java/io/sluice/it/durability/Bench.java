package io.sluice.it.durability;

import static io.sluice.it.durability.Row.Figure.ACKED;
import static io.sluice.it.durability.Row.Figure.DEAD_LETTERED;
import static io.sluice.it.durability.Row.Figure.DELIVERED;
import static io.sluice.it.durability.Row.Figure.DUPLICATE;
import static io.sluice.it.durability.Row.Figure.FIRED;
import static io.sluice.it.durability.Row.Figure.INVENTED;
import static io.sluice.it.durability.Row.Figure.LOST;
import static io.sluice.it.durability.Row.Figure.QUARANTINED;
import static io.sluice.it.durability.Row.Figure.READY_SECONDS;
import static io.sluice.it.durability.Row.Figure.REFUSED;
import static io.sluice.it.durability.Row.Figure.RSS_MIB;
import static io.sluice.it.durability.Row.Figure.RUNS;
import static io.sluice.it.durability.Row.Figure.SENT;

import io.sluice.disk.DeadLetter;
import io.sluice.it.Eventually;
import io.sluice.it.Http;
import io.sluice.it.Ports;
import io.sluice.it.Programs;
import io.sluice.it.durability.Subject.Setting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Sender, gateway and sinks of one experiment, and what is known of them.
final class Bench implements AutoCloseable {
  static final Duration QUIET = Duration.ofSeconds(8);

  private static final int PROBES = 3;

  /// Arrays are overwritten when they are let go of, so that whoever reads them too late is found.
  private static final Map<String, String> POISONED =
      Map.of("SLUICE_JVM_OPTS", "-Dsluice.poison=true");

  final Subject subject;
  final long seed;
  final SplittableRandom random;
  final Requests requests;
  final Ledger ledger = new Ledger();
  final List<Sink> sinks;
  final Path folder;

  /// Where the queues are.
  final Path data;

  private final Setting setting;
  private final Ports ports;
  private final List<Life> lives = new ArrayList<>();
  private final List<Integer> destinations;
  private final Map<String, String> environment = new HashMap<>(POISONED);
  private @Nullable Life life;

  Bench(Subject subject, long seed, Setting setting) {
    this(subject, seed, setting, newFolder());
  }

  private Bench(Subject subject, long seed, Setting setting, Path folder) {
    this(subject, seed, setting, folder, folder.resolve("queue"), new Requests(seed, false));
  }

  Bench(Subject subject, long seed, Setting setting, Path folder, Path data, Requests requests) {
    this(subject, seed, setting, folder, data, requests, sinks(setting, requests));
  }

  private Bench(
      Subject subject,
      long seed,
      Setting setting,
      Path folder,
      Path data,
      Requests requests,
      List<Sink> sinks) {
    this.subject = subject;
    this.seed = seed;
    this.setting = setting;
    this.folder = folder;
    this.data = data;
    this.requests = requests;
    this.sinks = sinks;
    random = new SplittableRandom(seed);
    destinations = new ArrayList<>(sinks.stream().map(Sink::port).toList());
    ports = Ports.of(subject.yaml(setting, data, destinations));
  }

  private static List<Sink> sinks(Setting setting, Requests requests) {
    return IntStream.range(0, setting.lanes()).mapToObj(_ -> new Sink(requests)).toList();
  }

  /// Another gateway with the same sinks, and a ledger of its own.
  Bench twin() {
    var other = newFolder();
    return new Bench(subject, seed, setting, other, other.resolve("queue"), requests, sinks);
  }

  static Path newFolder() {
    try {
      return Files.createTempDirectory("sluice-durability");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Between the gateway and its destination there is another, which listens here.
  void through(int port) {
    destinations.set(0, port);
  }

  Sink sink() {
    return sinks.getFirst();
  }

  void plays(Sink.Script script) {
    sinks.forEach(sink -> sink.plays(script));
  }

  void environment(String name, String value) {
    environment.put(name, value);
  }

  Path config() {
    return Programs.write(
        folder.resolve("gateway.yaml"), ports.fill(subject.yaml(setting, data, destinations)));
  }

  /// Begins a life and returns when all of it runs.
  Life start() {
    var begun = begin(List.of());
    if (!begun.ready()) {
      throw new AssertionError("does not start; seed " + seed + ":\n" + begun.log());
    }
    return begun;
  }

  /// Begins a life and returns at once.
  Life begin(List<String> wrapper) {
    var begun =
        Life.begin(
            folder.resolve("log-" + lives.size()), wrapper, environment, subject.command(config()));
    lives.add(begun);
    life = begun;
    return begun;
  }

  Life life() {
    if (life == null) {
      throw new IllegalStateException("not started");
    }
    return life;
  }

  Sender sender(int connections) {
    return sender(connections, 0);
  }

  Sender sender(int connections, int pauseMs) {
    return new Sender(ports.get("grpc"), requests, ledger, connections, pauseMs);
  }

  /// So many requests, each answered with OK.
  void send(int count) {
    try (var sender = sender(4)) {
      sender.awaitMore(count);
    }
  }

  /// Fresh requests are taken now that it is over.
  void probe() {
    send(PROBES);
  }

  /// How long a request that is sent now takes from its answer to the first sink.
  double secondsToArrive() {
    long id = ledger.sent.getAndIncrement();
    Sender.one(ports.get("grpc"), requests, ledger, id);
    long start = System.nanoTime();
    Eventually.happens(
        () -> sink().taken.containsKey(id * Requests.ITEMS_MAX), () -> id + " does not arrive");
    return (System.nanoTime() - start) / 1e9;
  }

  String scrape() {
    return Http.get(URI.create("http://127.0.0.1:" + ports.get("metrics") + "/metrics")).text();
  }

  int port() {
    return ports.get("grpc");
  }

  private Set<Long> answered() {
    var items = new HashSet<Long>();
    for (long id : ledger.acked) {
      for (int i = 0; i < requests.items(id); i++) {
        items.add(id * Requests.ITEMS_MAX + i);
      }
    }
    return items;
  }

  /// Waits until all that was answered for is where it belongs, or nothing moves any more.
  void settle() {
    settle(_ -> false, QUIET);
  }

  /// @param buried items that will not be delivered
  /// @param quiet if nothing arrives for so long, nothing more will
  void settle(LongPredicate buried, Duration quiet) {
    var expected = answered();
    expected.removeIf(buried::test);
    long moved = System.nanoTime();
    long before = Long.MAX_VALUE;
    for (long missing = missing(expected); missing > 0; missing = missing(expected)) {
      if (missing < before) {
        moved = System.nanoTime();
        before = missing;
      } else if (System.nanoTime() - moved > quiet.toNanos()) {
        return;
      }
      Eventually.pause();
    }
  }

  private long missing(Set<Long> expected) {
    long missing = 0;
    for (var sink : sinks) {
      missing += expected.stream().filter(item -> !sink.taken.containsKey(item)).count();
    }
    return missing;
  }

  private Path directory(int lane) {
    return data.resolve("l" + lane);
  }

  /// Dead letters of a lane; no process may be alive.
  Map<Long, DeadLetter> letters(int lane) {
    return subject.ours()
        ? Letters.dead(directory(lane), Subject.exporter(lane) + ":traces", requests).words()
        : Map.of();
  }

  /// Of items of a lane that were answered for and are nowhere. No process may be alive.
  Set<Long> lost(int lane) {
    var missing = answered();
    missing.removeAll(sinks.get(lane).taken.keySet());
    missing.removeAll(letters(lane).keySet());
    return missing;
  }

  long quarantined(int lane) {
    return filesIn(directory(lane).resolve("corrupt"));
  }

  private static long filesIn(Path folder) {
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    try (var files = Files.list(folder)) {
      return files.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// SIGTERM; ours has to end well.
  void stop() {
    int status = life().stop();
    if (subject.ours() && status != 0) {
      throw new AssertionError("exit status " + status + ", seed " + seed + ":\n" + life().log());
    }
  }

  /// What it all came to. No process may be alive.
  ///
  /// @param fired in how many of the runs the fault happened
  Row row(String experiment, int runs, int fired) {
    long lost = 0;
    long quarantined = 0;
    long letters = 0;
    for (int lane = 0; lane < sinks.size(); lane++) {
      lost += lost(lane).size();
      quarantined += quarantined(lane);
      letters += letters(lane).size();
    }
    var figures = new EnumMap<Row.Figure, Double>(Row.Figure.class);
    figures.put(RUNS, (double) runs);
    figures.put(FIRED, (double) fired);
    figures.put(SENT, (double) ledger.sent.get());
    figures.put(ACKED, (double) ledger.acked.size());
    figures.put(REFUSED, (double) ledger.refused.get());
    figures.put(DELIVERED, sinks.stream().mapToDouble(sink -> sink.taken.size()).sum());
    figures.put(DUPLICATE, sinks.stream().mapToDouble(Sink::duplicates).sum());
    figures.put(LOST, (double) lost);
    figures.put(INVENTED, sinks.stream().mapToDouble(this::invented).sum());
    figures.put(QUARANTINED, (double) quarantined);
    figures.put(DEAD_LETTERED, (double) letters);
    figures.put(READY_SECONDS, lives.stream().mapToDouble(Life::readySeconds).max().orElse(0));
    figures.put(RSS_MIB, lives.stream().mapToDouble(Life::rssMib).max().orElse(0));
    return new Row(
        experiment,
        subject,
        seed,
        figures,
        ledger.rejected.get() > 0 ? "!refused for good: " + ledger.words : "");
  }

  private long invented(Sink sink) {
    long unsent =
        sink.taken.keySet().stream()
            .filter(item -> Requests.request(item) >= ledger.sent.get())
            .count();
    return unsent + sink.strange.size();
  }

  @Override
  public void close() {
    lives.stream().filter(Life::alive).forEach(Life::kill);
    sinks.forEach(Sink::close);
    if (!Boolean.getBoolean("durability.keep")) {
      Programs.run("rm", "-rf", folder.toString());
    }
  }
}
