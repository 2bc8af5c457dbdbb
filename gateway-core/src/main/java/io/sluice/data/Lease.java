package io.sluice.data;

/// A share of the gateway's byte budget, charged once for a request however many hold its bytes.
///
/// The receiver takes the first share when it admits a request and closes it when it has answered.
/// Whoever answers earlier than it lets go of a batch (a queue, `batch`) takes a [#share] of its own
/// before it answers and closes it when the bytes are delivered, stored or dropped. The bytes return
/// to the budget with the last share. Safe on any thread.
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

  Lease share();

  /// Gives this share back. Once.
  void close();
}
