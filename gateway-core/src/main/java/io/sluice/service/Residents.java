package io.sluice.service;

import io.sluice.component.ComponentId;
import io.sluice.data.Signal;
import io.sluice.disk.Storage;
import io.sluice.service.Plan.Draining;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/// Tells storages whose queues they hold: what is stored for others must not be forgotten without a word.
final class Residents {
  private Residents() {}

  /// Fails if something is stored for who is in the old graph and has no queue in the next one, and was not
  /// being drained already.
  static Future<Void> check(Graph old, Graph next) {
    for (var entry : old.storages().entrySet()) {
      var storage = entry.getValue();
      var objection =
          heir(entry.getKey(), storage, next)
              .map(heir -> {
                var queues = new TreeSet<>(next.asked().queues(heir.getKey()));
                queues.addAll(old.plan().draining(entry.getKey()));
                return heir.getValue().objection(storage, queues);
              })
              .orElseGet(storage::objectionToLeaving);
      if (objection.isPresent()) {
        return Future.failedFuture(
            new StartFailure("\"" + entry.getKey() + "\" extension: " + objection.get()));
      }
    }
    return Future.succeededFuture();
  }

  private static Optional<Map.Entry<ComponentId, Storage>> heir(
      ComponentId id, Storage storage, Graph next) {
    return next.storages().entrySet().stream()
        .filter(entry -> entry.getValue().place().equals(storage.place()))
        .min(Comparator.comparing(entry -> !entry.getKey().equals(id)));
  }

  /// What may be stored when receivers lead to the next graph, for who is not in it: batches come until
  /// then, and those that are on their way in the graph before also behind that. Whoever has something goes
  /// on until it is delivered.
  static List<Draining> left(Graph before, Graph next) {
    var left = new ArrayList<Draining>();
    for (var entry : before.storages().entrySet()) {
      var id = entry.getKey();
      var heir = next.storages().get(id);
      if (heir == null || heir.givesUp() || !heir.place().equals(entry.getValue().place())) {
        continue;
      }
      var there = next.asked().queues(id);
      for (var part : before.plan().exporters()) {
        if (Plan.storageOf(part).equals(Optional.of(id))) {
          var signals = EnumSet.noneOf(Signal.class);
          signals.addAll(before.plan().signals(part));
          before.plan().draining().stream()
              .filter(each -> each.part().equals(part))
              .forEach(each -> signals.addAll(waiting(each, entry.getValue())));
          signals.removeIf(signal -> there.contains(part.id() + ":" + signal));
          if (!signals.isEmpty()) {
            left.add(new Draining(part, signals));
          }
        }
      }
    }
    return left;
  }

  private static EnumSet<Signal> waiting(Draining draining, Storage storage) {
    var waiting = EnumSet.noneOf(Signal.class);
    for (var stock : storage.store().stock()) {
      if (stock.waiting().records() > 0) {
        draining.signals().stream()
            .filter(signal -> stock.destination().equals(draining.part().id() + ":" + signal))
            .forEach(waiting::add);
      }
    }
    return waiting;
  }

  /// Whether all is delivered that was to be drained.
  static boolean drained(Draining draining, Graph graph) {
    return Plan.storageOf(draining.part())
        .map(graph.storages()::get)
        .map(storage -> waiting(draining, storage).isEmpty())
        .orElse(true);
  }

  /// Before anything new is stored.
  static Future<Void> keep(Graph graph, Predicate<Storage> which) {
    Future<Void> done = Future.succeededFuture();
    for (var entry : graph.storages().entrySet()) {
      var id = entry.getKey();
      var storage = entry.getValue();
      if (which.test(storage)) {
        var kept = graph.plan().kept().getOrDefault(id, List.of());
        done = done.compose(_ -> storage.keep(kept, graph.plan().draining(id)));
      }
    }
    return done;
  }

  /// Nobody else stores anything any more.
  static Future<Void> settle(Graph graph) {
    Future<Void> done = Future.succeededFuture();
    for (var entry : graph.storages().entrySet()) {
      var id = entry.getKey();
      var storage = entry.getValue();
      done = done.compose(_ -> storage.settled(graph.plan().queues(id), graph.plan().draining(id)));
    }
    return done;
  }
}
