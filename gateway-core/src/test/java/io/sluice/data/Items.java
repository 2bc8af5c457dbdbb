package io.sluice.data;

import com.google.protobuf.Message;
import io.sluice.wire.Rope;
import java.util.ArrayList;
import java.util.List;

/// A request as the list of its items, each with all that surrounds it: what must not change when a
/// batch is cut or joined.
final class Items {
  private Items() {}

  static List<String> of(Signal signal, Rope otlp) throws Exception {
    var items = new ArrayList<String>();
    var request = RandomMessages.prototype(signal).newBuilderForType();
    request.mergeFrom(otlp.flatten().toArray());
    collect(request.build(), "", items);
    return items;
  }

  private static void collect(Message message, String around, List<String> items) {
    var shell = message.toBuilder();
    var children = new ArrayList<Message>();
    for (var field : message.getAllFields().entrySet()) {
      switch (field.getKey().getName()) {
        case "resource_spans",
            "resource_logs",
            "resource_metrics",
            "scope_spans",
            "scope_logs",
            "scope_metrics",
            "metrics",
            "gauge",
            "sum",
            "histogram",
            "exponential_histogram",
            "summary",
            "data_points",
            "spans",
            "log_records" -> {
          if (field.getValue() instanceof List<?> list) {
            list.forEach(child -> children.add((Message) child));
            shell.clearField(field.getKey());
          } else if (field.getValue() instanceof Message child) {
            children.add(child);
            shell.clearField(field.getKey());
          }
        }
        default -> {}
      }
    }
    var name = message.getDescriptorForType().getName();
    if (name.equals("Span") || name.equals("LogRecord") || name.endsWith("DataPoint")) {
      items.add(around + message);
    } else {
      for (var child : children) {
        collect(child, around + name + shell.buildPartial(), items);
      }
    }
  }
}
