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

  /// Where its queues are. Of two with the same place one can be open at a time: the other goes on where it
  /// ended.
  String place();

  /// Whether what is stored for who is gone is given up.
  default boolean givesUp() {
    return false;
  }

  /// Why a configuration must not run that has these queues here and no others; empty if it may. Asked while
  /// the one before runs.
  ///
  /// @param before the storage that has the place now: this one, or the one that this would go on from
  default Optional<String> objection(Storage before, Set<String> queues) {
    return Optional.empty();
  }

  /// Why a configuration must not run that has no storage at this place; empty if it may. Asked of one that
  /// is open.
  default Optional<String> objectionToLeaving() {
    return Optional.empty();
  }

  /// Before anything is stored: how to reach who has a queue here, and who had one and is being drained. It
  /// counts from [#settled] on; until then what was kept before is kept too.
  ///
  /// @param draining queues that nothing is stored in any more
  default Future<Void> keep(List<KeptConfig> configs, Set<String> draining) {
    return Future.succeededFuture();
  }

  /// A configuration runs that has these queues here and no others, and the one before it has ended.
  ///
  /// @param draining those of them that nothing is stored in any more
  default Future<Void> settled(Set<String> queues, Set<String> draining) {
    return Future.succeededFuture();
  }
}
