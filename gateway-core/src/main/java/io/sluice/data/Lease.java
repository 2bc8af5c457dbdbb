package io.sluice.data;

import java.util.ArrayList;
import java.util.List;

/// A share of the gateway's byte budget, charged once for a request however many hold its bytes.
///
/// The receiver takes the first share when it admits a request and closes it when it has answered.
/// Whoever answers earlier than it lets go of a batch (a queue, `batch`) takes a [#share] of its own
/// before it answers and closes it when the bytes are delivered, stored or dropped. The bytes return
/// to the budget with the last share, and their arrays may be used again: whoever reads a batch holds
/// a share, or is called by somebody who does. Safe on any thread.
public interface Lease {
  /// Costs nothing and bounds nothing: for tests and for bytes charged elsewhere.
  Lease NONE =
      new Lease() {
        @Override
        public Lease share() {
          return this;
        }

        @Override
        public void close() {}
      };

  /// One lease on what all of these hold, for a batch joined of several. It owns no share itself: it is
  /// good as long as somebody holds theirs.
  static Lease all(List<Lease> leases) {
    var some = new ArrayList<Lease>(leases.size());
    for (var lease : leases) {
      if (!lease.equals(NONE)) {
        some.add(lease);
      }
    }
    if (some.isEmpty()) {
      return NONE;
    }
    return some.size() == 1 ? some.getFirst() : new Joined(some);
  }

  /// See [#all].
  record Joined(List<Lease> leases) implements Lease {
    public Joined {
      leases = List.copyOf(leases);
    }

    @Override
    public Lease share() {
      var shares = new ArrayList<Lease>(leases.size());
      for (var lease : leases) {
        shares.add(lease.share());
      }
      return new Joined(shares);
    }

    @Override
    public void owns(byte[] array) {
      leases.getFirst().owns(array);
    }

    @Override
    public void abandon() {
      leases.forEach(Lease::abandon);
    }

    @Override
    public void close() {
      leases.forEach(Lease::close);
    }
  }

  Lease share();

  /// The bytes are in this array, which nobody else has. With the last share it goes to the
  /// [io.sluice.wire.ArrayPool], so that no slice of it may be read any more. To be said before anybody
  /// else has a share.
  default void owns(byte[] array) {}

  /// Somebody may still read the bytes when the shares are gone, say a transport that was cut off while
  /// it sent: what is owned is left to the garbage collector.
  default void abandon() {}

  /// Gives this share back. Once.
  void close();
}
