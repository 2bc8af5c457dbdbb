/// How a batch moves and what came of it: one interface ([io.sluice.pipeline.BatchSink]) and one
/// answer ([io.sluice.pipeline.Outcome]).
@org.jspecify.annotations.NullMarked
package io.sluice.pipeline;
