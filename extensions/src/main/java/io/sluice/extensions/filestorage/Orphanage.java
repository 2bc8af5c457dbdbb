package io.sluice.extensions.filestorage;

import io.sluice.disk.Counts;
import io.sluice.disk.KeptConfig;
import io.sluice.disk.Store;
import io.sluice.extensions.filestorage.FileStorageConfig.Orphan;
import io.sluice.telemetry.Log;
import io.sluice.telemetry.Why;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What becomes of batches whose exporter has gone from the configuration. To be able to drain them, how to
/// reach each exporter is kept while it is there; when nothing is left of one, that is forgotten.
///
/// Safe on any thread.
final class Orphanage {
  private final Orphan orphan;
  private final Store store;
  private final StorageMeters meters;
  private final Log log;

  // Guarded by this.
  private final Map<String, KeptConfig> kept = new HashMap<>();
  private final Set<String> draining = new HashSet<>();

  /// Those of them that had something to drain.
  private final Set<String> said = new HashSet<>();

  Orphanage(Orphan orphan, Store store, StorageMeters meters, Log log) {
    this.orphan = orphan;
    this.store = store;
    this.meters = meters;
    this.log = log;
  }

  private Map<String, Counts> others(Set<String> queues) {
    var others = new TreeMap<String, Counts>();
    for (var stock : store.stock()) {
      if (stock.waiting().records() > 0 && !queues.contains(stock.destination())) {
        others.put(stock.destination(), stock.waiting());
      }
    }
    return others;
  }

  private static String names(Map<String, Counts> queues) {
    return queues.entrySet().stream()
        .map(each -> each.getKey() + " (" + each.getValue().items() + " items)")
        .collect(Collectors.joining(", "));
  }

  Optional<String> objection(Set<String> queues) {
    return objection(others(queues));
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
                  + " (expected: the exporters, or orphan: drain or orphan: drop)");
      case DRAIN ->
          Optional.of(
              "batches are stored for exporters that have no queue here any more, and how to reach"
                  + " these is not kept: "
                  + names(others)
                  + " (expected: the exporters, or orphan: drop)");
    };
  }

  /// The storage is open.
  ///
  /// @param unwanted what nobody asked for
  Future<Void> opened(Map<String, Counts> unwanted) {
    var objection = objection(unwanted);
    return objection.isPresent()
        ? Future.failedFuture(new IllegalStateException(objection.get()))
        : write().compose(_ -> drop(unwanted));
  }

  private Future<Void> drop(Map<String, Counts> orphans) {
    Future<Void> done = Future.succeededFuture();
    if (orphan == Orphan.DROP && !orphans.isEmpty()) {
      log.warn("Dropping what is stored for exporters that are gone", "queues", names(orphans));
      for (var each : orphans.entrySet()) {
        meters.orphaned(each.getKey(), each.getValue().items());
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

  /// @param open whether the storage is; if not, it will be
  Future<Void> keep(List<KeptConfig> configs, boolean open) {
    if (orphan != Orphan.DRAIN) {
      return Future.succeededFuture();
    }
    synchronized (this) {
      kept.clear();
      configs.forEach(config -> kept.put(config.exporter().toString(), config));
    }
    return open ? write() : Future.succeededFuture();
  }

  private Future<Void> write() {
    List<KeptConfig> all;
    synchronized (this) {
      all = List.copyOf(kept.values());
    }
    Future<Void> done = Future.succeededFuture();
    for (var config : all) {
      done = done.compose(_ -> store.keep(config));
    }
    return done.recover(cause -> {
      log.warn("Cannot keep how to reach exporters", "error", Why.of(cause));
      return Future.succeededFuture();
    });
  }

  Future<Void> settled(Set<String> queues, Set<String> nowDraining) {
    synchronized (this) {
      meters.drained(List.copyOf(draining));
      draining.clear();
      draining.addAll(nowDraining);
    }
    var waiting = new TreeMap<String, Counts>();
    for (var stock : store.stock()) {
      if (nowDraining.contains(stock.destination())) {
        waiting.put(stock.destination(), stock.waiting());
      }
    }
    meters.draining(waiting.keySet(), store);
    waiting.values().removeIf(counts -> counts.records() == 0);
    synchronized (this) {
      said.addAll(waiting.keySet());
    }
    if (!waiting.isEmpty()) {
      log.warn("Draining what is stored for exporters that are gone", "queues", names(waiting));
    }
    var others = others(queues);
    if (orphan != Orphan.DROP && !others.isEmpty()) {
      log.error(
          "Batches stay stored for exporters that are gone; the next start will be refused",
          "queues",
          names(others));
    }
    return drop(others);
  }

  /// Forgets who is drained.
  void look() {
    for (var config : drained()) {
      if (wasSaid(config)) {
        log.info(
            "All that was stored for an exporter that is gone is delivered",
            "exporter",
            config.exporter());
      }
      meters.drained(config.queues());
      var rest = rest(config);
      if (rest.isPresent()) {
        store.keep(rest.get());
      } else {
        store.forget(config);
      }
    }
  }

  private synchronized boolean wasSaid(KeptConfig drained) {
    return said.removeIf(queue -> KeptConfig.ofQueue(queue).exporter().equals(drained.exporter()));
  }

  /// What is still to be kept of an exporter that lost some of its signals.
  private synchronized Optional<KeptConfig> rest(KeptConfig drained) {
    var now = kept.get(drained.exporter().toString());
    if (now == null) {
      return Optional.empty();
    }
    var signals = new HashSet<>(now.signals());
    signals.removeAll(drained.signals());
    var rest = now.with(signals);
    kept.put(drained.exporter().toString(), rest);
    return Optional.of(rest);
  }

  private synchronized List<KeptConfig> drained() {
    if (draining.isEmpty()) {
      return List.of();
    }
    var full = new HashSet<String>();
    for (var stock : store.stock()) {
      if (stock.waiting().records() > 0) {
        full.add(stock.destination());
      }
    }
    var drained = new ArrayList<KeptConfig>();
    for (var queue : Set.copyOf(draining)) {
      if (!full.contains(queue)) {
        draining.remove(queue);
        drained.add(KeptConfig.ofQueue(queue));
      }
    }
    // Of an exporter with several queues the last one counts.
    drained.removeIf(config ->
        !kept.containsKey(config.exporter().toString())
            && draining.stream()
                .anyMatch(queue -> KeptConfig.ofQueue(queue).exporter().equals(config.exporter())));
    return drained;
  }
}
