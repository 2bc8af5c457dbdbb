package io.sluice.exporters.prometheuspull;

import io.sluice.component.Budget;
import io.sluice.component.Kind;
import io.sluice.component.Loop;
import io.sluice.config.ConfigContract;
import io.sluice.data.Batch;
import io.sluice.data.OtlpJson;
import io.sluice.data.Signal;
import io.sluice.data.Validate;
import io.sluice.pipeline.Outcome;
import io.sluice.service.ByteBudget;
import io.sluice.telemetry.Telemetry;
import io.sluice.testkit.Contexts;
import io.sluice.testkit.OnLoop;
import io.sluice.transport.TransportLoops;
import io.sluice.wire.ArrayPool;
import io.sluice.wire.Bytes;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/// An exporter that runs on a loop of its own, and somebody who scrapes it.
final class Scraped implements AutoCloseable {
  static final String OPEN_METRICS =
      "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1";

  final Telemetry telemetry = Telemetry.silent();
  final Budget budget = new ByteBudget(64 << 20, ArrayPool.none());
  private final TransportLoops loops = TransportLoops.of(1, 1);
  private final Loop loop = loops.home(Loop.Family.HTTP);
  private final PrometheusExporter exporter;

  Scraped(String yaml) throws Exception {
    var config =
        ConfigContract.bind(
            new PrometheusFactory(), "endpoint: \"127.0.0.1:0\"\n" + yaml.replaceAll("^\\{}$", ""));
    var context = Contexts.of(Kind.EXPORTER, "prometheus", telemetry, loop);
    exporter =
        new PrometheusExporter(
            config, Contexts.with(budget, context), RandomGenerator.getDefault());
    OnLoop.<Void>run(loop, exporter::start);
  }

  Outcome send(String json) throws Exception {
    var checked =
        Validate.request(Signal.METRICS, OtlpJson.decode(Signal.METRICS, Bytes.utf8(json)));
    return send(Batch.of(Signal.METRICS, checked.otlp(), checked.items()));
  }

  Outcome send(Batch batch) throws Exception {
    return OnLoop.run(loop, () -> exporter.accept(batch));
  }

  HttpResponse<byte[]> get(String path, String... headers) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      int port = exporter.addresses().getFirst().getPort();
      var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
      if (headers.length > 0) {
        request.headers(headers);
      }
      return client.send(request.build(), BodyHandlers.ofByteArray());
    }
  }

  String page(String accept) throws Exception {
    return Bytes.wrap(get("/metrics", "accept", accept).body()).utf8();
  }

  /// Reads no more of the page than that there is one.
  Socket askSlowly() throws Exception {
    var socket = new Socket();
    socket.setReceiveBufferSize(4 << 10);
    socket.connect(exporter.addresses().getFirst());
    var request = "GET /metrics HTTP/1.1\r\nhost: a\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    var status = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
    if (!status.equals("HTTP/1.1 200")) {
      throw new AssertionError(status);
    }
    return socket;
  }

  double count(String counter, String reason) {
    return telemetry.registry().find(counter).tag("reason", reason).counters().stream()
        .mapToDouble(io.micrometer.core.instrument.Counter::count)
        .sum();
  }

  @Override
  public void close() throws Exception {
    OnLoop.<Void>run(loop, exporter::stop);
    loops.close();
  }
}
