package io.sluice.disk;

import io.sluice.component.Extension;

/// An extension that keeps queues on disk. Whoever has found it by its id asks it for queues while graphs
/// are built; they open when the extension starts.
public interface Storage extends Extension {
  Store store();
}
