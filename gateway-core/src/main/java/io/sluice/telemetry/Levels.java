package io.sluice.telemetry;

import io.sluice.telemetry.Telemetry.Level;
import io.sluice.telemetry.View.Aggregation;
import io.sluice.telemetry.View.Names;
import io.sluice.telemetry.View.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What each level hides, as views: those the Collector has where the user writes none.
final class Levels {
  private Levels() {}

  static List<View> views(Level level) {
    var views = new ArrayList<View>();
    if (level.compareTo(Level.DETAILED) < 0) {
      views.add(View.drop(Instruments.HTTP, ""));
      views.add(View.drop(Instruments.RPC, ""));
      views.add(View.drop(Instruments.PROCESSORS, "otelcol_processor_internal_duration"));
      views.add(View.drop(Instruments.EXPORTERS, "otelcol_exporter_queue_batch_send_size*"));
      views.add(View.drop(Instruments.EXPORTERS, "otelcol_exporter_enqueue_size*"));
      views.add(
          new View(
              new Selector(
                  "otelcol_exporter_send_failed_*", Optional.empty(), "", Instruments.EXPORTERS),
              "",
              "",
              new Names(List.of(), List.of("error.type", "error.permanent")),
              new Aggregation.Standard()));
      views.add(View.drop(Instruments.BATCH, "otelcol_processor_batch_batch_send_size_bytes"));
    }
    if (level.compareTo(Level.NORMAL) < 0) {
      views.add(View.drop(Instruments.BATCH, ""));
    }
    return views;
  }
}
