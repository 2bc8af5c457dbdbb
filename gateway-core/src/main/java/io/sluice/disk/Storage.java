package io.sluice.disk;

import io.sluice.component.Extension;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// An extension that keeps queues on disk. Whoever has found it by its id asks it for queues while graphs
/// are built; they open when the extension starts.
public interface Storage extends Extension {
  Store store();

  /// Why a configuration must not run that has these queues here and no others; empty if it may. Asked while
  /// the one before runs.
  default Optional<String> objection(Set<String> queues) {
    return Optional.empty();
  }

  /// Whether the other one has its queues at the same place: with other settings it goes on where this one
  /// ends.
  default boolean samePlace(Storage other) {
    return true;
  }

  /// Before anything is stored: how to reach who has a queue here, and who had one and is being drained.
  default Future<Void> keep(List<KeptConfig> configs) {
    return Future.succeededFuture();
  }

  /// A configuration runs that has these queues here and no others, and the one before it has ended.
  ///
  /// @param draining those of them that nothing is stored in any more
  default Future<Void> settled(Set<String> queues, Set<String> draining) {
    return Future.succeededFuture();
  }
}
