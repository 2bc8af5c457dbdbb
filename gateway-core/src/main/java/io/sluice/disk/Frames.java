package io.sluice.disk;

import io.sluice.wire.Bytes;
import org.jspecify.annotations.Nullable;

/// Opens compressed frames, so that a batch can be stored as it came. Safe on any thread.
public interface Frames {
  /// Stores everything plain.
  Frames NONE =
      new Frames() {
        @Override
        public boolean opens(String encoding) {
          return false;
        }

        @Override
        public @Nullable Bytes open(String encoding, Bytes frame, int length) {
          return null;
        }
      };

  boolean opens(String encoding);

  /// The content, of exactly this length; null if the frame does not hold that.
  @Nullable Bytes open(String encoding, Bytes frame, int length);
}
