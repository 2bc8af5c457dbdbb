package io.sluice.exporters.loki;

import io.sluice.data.AnyValue;
import io.sluice.data.Batch;
import io.sluice.data.LogCursor;
import io.sluice.data.ResourceCursor;
import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Culprit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;

/// An exporter before a server that answers by script.
abstract class Scene {
  static final String SHOP = "{service_name=\"shop\"}";
  static final String BANK = "{service_name=\"bank\"}";

  @SuppressWarnings("NullAway.Init") // each test opens
  FakeLoki loki;

  @SuppressWarnings("NullAway.Init")
  Sending sending;

  final void open(String yaml) throws Exception {
    loki = new FakeLoki();
    sending = new Sending(yaml, loki.endpoint());
  }

  @AfterEach
  void close() throws Exception {
    sending.close();
    loki.close();
  }

  static Batch shop(int count) {
    return Sending.resources(Sending.resource("shop", "s", count));
  }

  static Batch shopAndBank(int count) {
    return Sending.resources(
        Sending.resource("shop", "s", count), Sending.resource("bank", "b", count));
  }

  static String tooOld(String stream, String time) {
    return "entry for stream '"
        + stream
        + "' has timestamp too old: "
        + time
        + ", oldest acceptable timestamp is: 2026-11-15T00:00:00Z";
  }

  /// Bodies of the culprits, by Loki's words.
  static Map<String, List<String>> culprits(Outcome outcome) {
    return ((Outcome.Partial) outcome)
        .culprits().stream()
            .collect(Collectors.toMap(Culprit::reason, culprit -> bodies(culprit.batch())));
  }

  static List<String> bodies(Batch batch) {
    var bodies = new ArrayList<String>();
    var resources = new ResourceCursor().over(batch.otlp());
    while (resources.next()) {
      var scopes = resources.scopes();
      while (scopes.next()) {
        for (var record : scopes.records()) {
          bodies.add(AnyValue.decode(LogCursor.at(record).body()).text());
        }
      }
    }
    return bodies;
  }

  static List<String> names(String prefix, int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> prefix + "-" + i).toList();
  }
}
