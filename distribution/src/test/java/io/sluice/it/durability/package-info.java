/// Faults and what they cost: a sender and a sink that keep ledgers of their own, between them a gateway
/// as a process on a real disk, and everything that can happen to it.
///
/// [Bench] holds the parts together, an [Experiment] breaks something and [Row] is what came of it.
/// `FaultsIT` runs the quick ones as tests; [Driver], started by `./sluice durability`, runs all of
/// them, for the real Collector too. Each run proves that its fault happened, or it counts for nothing.
@NullMarked
package io.sluice.it.durability;

import org.jspecify.annotations.NullMarked;
