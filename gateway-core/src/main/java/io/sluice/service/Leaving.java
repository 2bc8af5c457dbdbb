package io.sluice.service;

import io.sluice.disk.Storage;
import io.sluice.telemetry.Log;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// A storage that is not in the configuration any more, and the exporters with queues there: they deliver
/// what came until receivers led away, and stop when there is no more of it.
final class Leaving {
  private final Part part;
  private final Storage storage;
  private final List<ExportNode> exporters;

  /// @param part of the storage
  Leaving(Part part, Storage storage, List<ExportNode> exporters) {
    this.part = part;
    this.storage = storage;
    this.exporters = List.copyOf(exporters);
  }

  String place() {
    return storage.place();
  }

  List<ExportNode> exporters() {
    return exporters;
  }

  /// Nothing leads there any more: shows what there is to deliver.
  Future<Void> begin() {
    var waiting = waiting();
    return over() ? Future.succeededFuture() : storage.settled(waiting, waiting);
  }

  /// Whether there is nothing left to do.
  boolean over() {
    return storage.givesUp() || waiting().isEmpty();
  }

  private Set<String> waiting() {
    var waiting = new TreeSet<String>();
    for (var stock : storage.store().stock()) {
      if (stock.waiting().records() > 0) {
        waiting.add(stock.destination());
      }
    }
    return waiting;
  }

  Future<Void> hasten() {
    return Steps.oneByOne(exporters, ExportNode::hasten);
  }

  /// What is not delivered by then stays where it is, or is given up.
  Future<Void> end(Log log) {
    return hasten()
        .compose(_ -> Steps.oneByOne(exporters, exporter -> exporter.end(log)))
        .compose(_ -> storage.givesUp() ? storage.settled(Set.of(), Set.of()) : say(log))
        .compose(_ -> part.end(log));
  }

  private Future<Void> say(Log log) {
    var left = waiting();
    if (!left.isEmpty()) {
      log.error(
          "Batches stay stored at a place where the configuration has no storage any more",
          "place",
          place(),
          "queues",
          left);
    }
    return Future.succeededFuture();
  }
}
