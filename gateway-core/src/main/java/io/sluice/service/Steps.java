package io.sluice.service;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Many parts, one after the other: the next when the one before is done, none after a failure.
final class Steps {
  private Steps() {}

  static <T> Future<Void> oneByOne(Iterable<T> parts, Function<T, Future<Void>> action) {
    Future<Void> done = Future.succeededFuture();
    for (var part : parts) {
      done = done.compose(_ -> action.apply(part));
    }
    return done;
  }

  static List<Part> instances(Iterable<ExportNode> nodes) {
    var parts = new ArrayList<Part>();
    nodes.forEach(node -> parts.addAll(node.instances()));
    return parts;
  }
}
