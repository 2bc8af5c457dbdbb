/// The `loki` exporter: logs to Grafana Loki by its push API, in protobuf with snappy or in JSON.
///
/// A batch is translated a window at a time: records become entries, which are put beside each other by stream
/// and sent, before the next window is begun. So what a translation holds is bounded, and the entries of a
/// stream arrive in order. Which attributes become labels is for the user to say; all else is structured
/// metadata, and so is a label that would make too many streams ([io.sluice.exporters.loki.Guard]).
///
/// Of a request that Loki refuses in part it has taken the rest. Its words name the entries at fault; where
/// they do not, halves are sent until those stand alone ([io.sluice.exporters.loki.Shipment]).
@org.jspecify.annotations.NullMarked
package io.sluice.exporters.loki;
