package io.sluice.extensions.filestorage;

import io.sluice.data.Signal;
import io.sluice.disk.Counts;
import io.sluice.disk.KeptConfig;
import io.sluice.disk.Store;
import io.sluice.extensions.filestorage.FileStorageConfig.Orphan;
import io.sluice.telemetry.Log;
import io.sluice.telemetry.Why;
import io.vertx.core.Future;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What becomes of batches whose exporter has gone from the configuration.
///
/// How to reach an exporter is kept beside its queue: with `drain` as long as it is there, else from the
/// reload that takes it out, for what may be stored in that moment, until that is delivered. So what a reload
/// has left never keeps a start from happening: it is drained, or, where it cannot be said how to reach
/// it, stays.
///
/// Safe on any thread.
final class Orphanage {
  /// Whose queues are here.
  ///
  /// @param kept how to reach them, by exporter
  /// @param draining the queues of those that are gone
  private record Household(Map<String, KeptConfig> kept, Set<String> draining) {
    static final Household NONE = new Household(Map.of(), Set.of());
  }

  private final Orphan orphan;
  private final String place;
  private final Store store;
  private final StorageMeters meters;
  private final Log log;

  // Guarded by this.
  private Household now = Household.NONE;

  /// From [#keep] to [#settled].
  private @Nullable Household next;

  /// What is in the directory.
  private final Map<String, KeptConfig> written = new HashMap<>();

  /// Draining queues that were not empty when they were looked at last.
  private final Set<String> full = new HashSet<>();

  /// @param place of the storage
  Orphanage(Orphan orphan, String place, Store store, StorageMeters meters, Log log) {
    this.orphan = orphan;
    this.place = place;
    this.store = store;
    this.meters = meters;
    this.log = log;
  }

  private Map<String, Counts> waiting() {
    var waiting = new TreeMap<String, Counts>();
    for (var stock : store.stock()) {
      if (stock.waiting().records() > 0) {
        waiting.put(stock.destination(), stock.waiting());
      }
    }
    return waiting;
  }

  private Map<String, Counts> others(Set<String> queues) {
    var others = waiting();
    others.keySet().removeAll(queues);
    return others;
  }

  private static String names(Map<String, Counts> queues) {
    return queues.entrySet().stream()
        .map(each -> each.getKey() + " (" + each.getValue().items() + " items)")
        .collect(Collectors.joining(", "));
  }

  /// @param before has the place now
  Optional<String> objection(Orphanage before, Set<String> queues) {
    var others = before.others(queues);
    others.keySet().removeAll(before.leftByReload());
    return objection(others);
  }

  private Optional<String> objection(Map<String, Counts> others) {
    if (others.isEmpty()) {
      return Optional.empty();
    }
    return switch (orphan) {
      case DROP -> Optional.empty();
      case ERROR ->
          Optional.of(
              "batches are stored for exporters that have no queue here any more: "
                  + names(others)
                  + " (expected: the exporters, with this storage, or orphan: drain or orphan:"
                  + " drop)");
      case DRAIN ->
          Optional.of(
              "batches are stored for exporters that have no queue here any more, and how to reach"
                  + " these is not kept: "
                  + names(others)
                  + " (expected: the exporters, with this storage, or orphan: drop)");
    };
  }

  Optional<String> objectionToLeaving() {
    var stored = waiting();
    return stored.isEmpty() || orphan == Orphan.DROP
        ? Optional.empty()
        : Optional.of(
            "batches are stored in a directory that no storage has any more: "
                + names(stored)
                + " (expected: the storage, with orphan: drain if its exporters are gone, until they"
                + " are delivered; or orphan: drop)");
  }

  /// The queues that a reload left behind.
  private synchronized Set<String> leftByReload() {
    return written.values().stream()
        .filter(config -> orphan != Orphan.DRAIN || config.withheld())
        .flatMap(config -> config.queues().stream())
        .collect(Collectors.toSet());
  }

  /// The storage is open.
  ///
  /// @param unwanted what nobody asked for
  Future<Void> opened(Map<String, Counts> unwanted) {
    return store
        .kept()
        .compose(found -> {
          synchronized (this) {
            found.forEach(config -> written.put(config.exporter().toString(), config));
          }
          var others = new TreeMap<>(unwanted);
          others.keySet().removeAll(leftByReload());
          var objection = objection(others);
          return objection.isPresent()
              ? Future.failedFuture(new IllegalStateException(objection.get()))
              : write();
        });
  }

  /// @param open whether the storage is; if not, it will be
  Future<Void> keep(List<KeptConfig> configs, Set<String> draining, boolean open) {
    var kept =
        configs.stream()
            .collect(Collectors.toMap(config -> config.exporter().toString(), config -> config));
    synchronized (this) {
      next = new Household(kept, Set.copyOf(draining));
    }
    return open ? write() : Future.succeededFuture();
  }

  /// What will have to be there, beside what is.
  private synchronized Future<Void> write() {
    Future<Void> done = Future.succeededFuture();
    var to = next;
    if (to != null) {
      for (var wanted : wanted(to, to.draining).values()) {
        var known = written.get(wanted.exporter().toString());
        var all = known == null ? wanted : wanted.with(union(known.signals(), wanted.signals()));
        done = Future.join(done, put(all)).mapEmpty();
      }
    }
    return done;
  }

  private Future<Void> put(KeptConfig config) {
    var id = config.exporter().toString();
    if (config.equals(written.put(id, config))) {
      return Future.succeededFuture();
    }
    return saying(store.keep(config));
  }

  private Future<Void> saying(Future<Void> writing) {
    return writing.recover(cause -> {
      log.warn("Cannot keep how to reach exporters", "error", Why.of(cause));
      return Future.succeededFuture();
    });
  }

  /// What is to be in the directory for these.
  ///
  /// @param left queues of those that are gone with something to deliver, or about to be
  private Map<String, KeptConfig> wanted(Household house, Set<String> left) {
    var wanted = new TreeMap<String, KeptConfig>();
    for (var config : known(house).values()) {
      var id = config.exporter().toString();
      boolean present = house.kept.containsKey(id);
      var signals = EnumSet.noneOf(Signal.class);
      for (var signal : config.signals()) {
        var queue = id + ":" + signal;
        boolean gone = !present || house.draining.contains(queue);
        if (gone ? left.contains(queue) : orphan == Orphan.DRAIN && !config.withheld()) {
          signals.add(signal);
        }
      }
      if (!signals.isEmpty()) {
        wanted.put(id, config.with(signals));
      }
    }
    return wanted;
  }

  /// How to reach whoever has, or had, a queue here, as far as that is known.
  private Map<String, KeptConfig> known(Household house) {
    var known = new TreeMap<>(written);
    known.putAll(house.kept);
    for (var queue : house.draining) {
      var bare = KeptConfig.ofQueue(queue);
      known.merge(
          bare.exporter().toString(),
          bare,
          (there, more) -> there.with(union(there.signals(), more.signals())));
    }
    return known;
  }

  private static Set<Signal> union(Set<Signal> some, Set<Signal> more) {
    var all = EnumSet.noneOf(Signal.class);
    all.addAll(some);
    all.addAll(more);
    return all;
  }

  Future<Void> settled(Set<String> queues, Set<String> draining) {
    var waiting = waiting();
    var drained = new TreeMap<>(waiting);
    drained.keySet().retainAll(draining);
    var others = new TreeMap<>(waiting);
    others.keySet().removeAll(queues);
    var news = new TreeMap<>(drained);
    synchronized (this) {
      var to = next;
      now = new Household(to == null ? now.kept : to.kept, Set.copyOf(draining));
      next = null;
      news.keySet().removeAll(full);
      meters.drained(full.stream().filter(queue -> !drained.containsKey(queue)).toList());
      full.clear();
      full.addAll(drained.keySet());
    }
    meters.draining(drained.keySet(), store);
    if (!news.isEmpty()) {
      log.warn("Draining what is stored for exporters that are gone", "queues", names(news));
    }
    if (orphan != Orphan.DROP && !others.isEmpty()) {
      log.error(
          "Batches stay stored for exporters that are gone, as it is not known how to reach them"
              + " (expected: the exporters again, or orphan: drop)",
          "queues",
          names(others));
    }
    return drop(others).compose(_ -> tidy(waiting().keySet()));
  }

  private Future<Void> drop(Map<String, Counts> orphans) {
    Future<Void> done = Future.succeededFuture();
    if (orphan == Orphan.DROP && !orphans.isEmpty()) {
      log.warn("Dropping what is stored for exporters that are gone", "queues", names(orphans));
      for (var each : orphans.entrySet()) {
        meters.orphaned(each.getKey(), place, each.getValue().items());
        done = done.compose(_ -> dropped(each.getKey()));
      }
    }
    return done;
  }

  private Future<Void> dropped(String queue) {
    return store
        .drop(queue)
        .map(durable -> {
          if (!durable) {
            log.error(
                "That stored batches were dropped cannot be written to the disk; the next start may"
                    + " find them again",
                "queue",
                queue);
          }
          return null;
        });
  }

  /// Forgets how to reach those for whom nothing is left.
  private synchronized Future<Void> tidy(Set<String> waiting) {
    if (next != null) {
      return Future.succeededFuture(); // another configuration is about to run
    }
    var wanted = wanted(now, waiting);
    Future<Void> done = Future.succeededFuture();
    for (var config : List.copyOf(written.values())) {
      var id = config.exporter().toString();
      if (!wanted.containsKey(id)) {
        written.remove(id);
        done = Future.join(done, saying(store.forget(config))).mapEmpty();
      }
    }
    for (var config : wanted.values()) {
      done = Future.join(done, put(config)).mapEmpty();
    }
    return done;
  }

  /// Now and then: who is drained by now?
  void look() {
    var over = drainedSince();
    if (!over.isEmpty()) {
      meters.drained(List.copyOf(over));
      over.stream()
          .map(queue -> KeptConfig.ofQueue(queue).exporter())
          .distinct()
          .forEach(exporter ->
              log.info(
                  "All that was stored for an exporter that is gone is delivered",
                  "exporter",
                  exporter));
      tidy(waiting().keySet());
    }
  }

  private Set<String> drainedSince() {
    synchronized (this) {
      if (next != null || full.isEmpty()) {
        return Set.of();
      }
    }
    var waiting = waiting().keySet();
    synchronized (this) {
      var over = new TreeSet<>(full);
      over.removeAll(waiting);
      full.removeAll(over);
      return over;
    }
  }
}
