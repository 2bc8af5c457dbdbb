package io.sluice.service;

import io.sluice.disk.Storage;
import io.vertx.core.Future;
import java.util.Set;

/// Tells storages whose queues they hold: what is stored for others must not be forgotten without a word.
final class Residents {
  private Residents() {}

  /// Fails if something is stored for who is in the old graph and has no queue in the next one. A storage
  /// that has been changed sees to it when it opens, unless it opens another place.
  static Future<Void> check(Graph old, Graph next) {
    for (var entry : old.storages().entrySet()) {
      var id = entry.getKey();
      var storage = entry.getValue();
      var successor = next.storages().get(id);
      var queues = next.plan().queues(id);
      boolean left = successor == null || !successor.samePlace(storage);
      if (left || storage.equals(successor)) {
        var objection = storage.objection(left ? Set.of() : queues);
        if (objection.isPresent()) {
          return Future.failedFuture(
              new StartFailure("\"" + id + "\" extension: " + objection.get()));
        }
      }
    }
    return Future.succeededFuture();
  }

  /// Before anything new is stored.
  static Future<Void> keep(Graph graph) {
    Future<Void> done = Future.succeededFuture();
    for (var entry : graph.storages().entrySet()) {
      var kept = graph.plan().kept().get(entry.getKey());
      if (kept != null) {
        done = done.compose(_ -> entry.getValue().keep(kept));
      }
    }
    return done;
  }

  /// Nobody else stores anything any more.
  static Future<Void> settle(Graph graph) {
    Future<Void> done = Future.succeededFuture();
    for (var entry : graph.storages().entrySet()) {
      var id = entry.getKey();
      Storage storage = entry.getValue();
      done = done.compose(_ -> storage.settled(graph.plan().queues(id), graph.plan().draining(id)));
    }
    return done;
  }
}
