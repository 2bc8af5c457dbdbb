package io.sluice.receivers.otlp;

import io.sluice.component.Loops;
import io.sluice.component.Receiver;
import io.sluice.component.ReceiverFactory;
import io.sluice.testkit.ReceiverContract;
import io.sluice.transport.TransportLoops;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.util.Optional;

class HttpContractTest extends ReceiverContract<OtlpReceiverConfig> {
  private final TransportLoops loops = TransportLoops.of(1, 1);
  private final ServerSocket taken = GrpcContractTest.taken();
  private final HttpClient client = HttpClient.newHttpClient();
  private int port;

  @Override
  protected void close() throws IOException {
    client.close();
    loops.close();
    taken.close();
  }

  @Override
  protected ReceiverFactory<OtlpReceiverConfig> factory() {
    return new OtlpReceiverFactory();
  }

  @Override
  protected OtlpReceiverConfig config() {
    return HttpReceiverTest.config();
  }

  @Override
  protected OtlpReceiverConfig broken() {
    var d = OtlpHttpConfig.defaults();
    var server = d.server().withoutTimeouts("127.0.0.1:" + taken.getLocalPort());
    return new OtlpReceiverConfig(
        new OtlpReceiverConfig.Protocols(
            Optional.empty(),
            Optional.of(
                new OtlpHttpConfig(
                    server, d.tracesUrlPath(), d.metricsUrlPath(), d.logsUrlPath()))));
  }

  @Override
  protected String brokenKey() {
    return "protocols::http::endpoint: 127.0.0.1:" + taken.getLocalPort();
  }

  @Override
  protected Loops loops() {
    return loops;
  }

  @Override
  protected Answer send(Receiver receiver) throws Exception {
    var addresses = ((OtlpReceiver) receiver).addresses();
    port = addresses.isEmpty() ? port : addresses.getFirst().getPort();
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/traces"))
            .timeout(PATIENCE)
            .header("Content-Type", "application/x-protobuf")
            .POST(HttpRequest.BodyPublishers.ofByteArray(Samples.spans(2).toArray()))
            .build();
    try {
      var response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() == 200) {
        return response.body().length <= 2 ? Answer.TAKEN : Answer.TAKEN_IN_PART;
      }
      return response.headers().firstValue("retry-after").isPresent()
          ? Answer.AGAIN_LATER
          : Answer.NEVER_AGAIN;
    } catch (HttpTimeoutException e) {
      throw e;
    } catch (IOException _) { // refused, or closed while the client takes it from its pool
      return Answer.NONE;
    }
  }
}
