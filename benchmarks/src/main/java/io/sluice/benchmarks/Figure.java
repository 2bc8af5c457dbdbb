package io.sluice.benchmarks;

import java.io.IOException;
import java.util.List;

/// One thing that is measured of both gateways.
interface Figure {
  /// What it is asked for by: `f1`, `f3-zstd`, ...
  String name();

  /// Whether `--quick` measures it.
  boolean quick();

  /// Starts both, measures, stops both.
  List<Result> measure(Lab lab) throws IOException, InterruptedException;
}
