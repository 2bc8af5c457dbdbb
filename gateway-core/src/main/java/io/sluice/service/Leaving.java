package io.sluice.service;

import io.sluice.disk.Storage;
import io.sluice.telemetry.Log;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A storage that is not in the configuration any more, and the exporters with queues there: they deliver
/// what came until receivers led away, and stop when there is no more of it.
final class Leaving {
  private final Part part;
  private final Storage storage;
  private final List<ExportNode> exporters;

  /// Guarded by this.
  private @Nullable Future<Void> ended;

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
  synchronized Future<Void> end(Log log) {
    if (ended == null) {
      ended =
          exportersEnd(log)
              .compose(_ -> storage.givesUp() ? storage.settled(Set.of(), Set.of()) : say(log))
              .compose(_ -> part.end(log));
    }
    return ended;
  }

  /// What is not delivered by then is for the storage that has this place next.
  synchronized Future<Void> makePlace(Log log) {
    if (ended == null) {
      ended = exportersEnd(log).compose(_ -> part.end(log));
    }
    return ended;
  }

  private Future<Void> exportersEnd(Log log) {
    return hasten().compose(_ -> Steps.oneByOne(exporters, exporter -> exporter.end(log)));
  }

  synchronized boolean ended() {
    return ended != null;
  }

  /// Nobody has the place.
  Future<Void> say(Log log) {
    var left = waiting();
    if (!left.isEmpty()) {
      log.error(
          "Batches stay stored at a place where no storage is any more: they wait for a configuration that"
              + " has one there",
          "place",
          place(),
          "queues",
          left);
    }
    return Future.succeededFuture();
  }
}
