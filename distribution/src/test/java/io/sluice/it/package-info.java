/// The packaged gateway as a process, among real programs: SDKs of four languages as clients, the real
/// Collector as the peer to agree with, Jaeger as a destination.
///
/// [Gateway] runs either gateway from the same YAML; `*IT` are the tests. What the other programs are and
/// where they come from says `src/test/peers/install`.
@NullMarked
package io.sluice.it;

import org.jspecify.annotations.NullMarked;
