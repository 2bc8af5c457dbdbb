package io.sluice.component;

import io.sluice.data.Lease;
import io.sluice.wire.ArrayPool;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// The bytes the gateway may hold at one time, in all its parts. The hard bound behind every count a
/// user writes. Safe on any thread.
public interface Budget {
  /// Arrays as anybody gets them.
  ArrayPool NOT_KEPT = ArrayPool.none();

  /// More connections than anybody opens.
  Semaphore ENOUGH = new Semaphore(Integer.MAX_VALUE / 2);

  /// Without a bound, for tests.
  Budget UNBOUNDED =
      new Budget() {
        @Override
        public Lease take(long bytes) {
          return Lease.NONE;
        }

        @Override
        public long bytesMax() {
          return Long.MAX_VALUE;
        }

        @Override
        public long bytes() {
          return 0;
        }
      };

  /// Where the arrays of leased bytes come from and go to.
  default ArrayPool arrays() {
    return NOT_KEPT;
  }

  /// Places for connections, for all listeners together. Each takes one for a connection that it is not
  /// sure to have room for.
  default Semaphore connections() {
    return ENOUGH;
  }

  /// What may be on its way in through a transport that keeps the bytes in memory of its own until they
  /// are a whole message; a bound beside this one.
  default Budget arriving() {
    return UNBOUNDED;
  }

  /// What may be on its way out to all destinations together: the transport holds it once more.
  default Budget sending() {
    return UNBOUNDED;
  }

  /// A lease on so many bytes, or null if there is no room for them now.
  @Nullable Lease take(long bytes);

  long bytesMax();

  /// Taken at present.
  long bytes();
}
