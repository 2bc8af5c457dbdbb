package io.sluice.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.component.Loop;
import io.sluice.distribution.MetricsEndpoint.Address;
import io.sluice.telemetry.Exposition;
import io.sluice.telemetry.Telemetry;
import io.sluice.testkit.OnLoop;
import io.sluice.transport.TransportLoops;
import io.sluice.transport.VertxLoop;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class MetricsEndpointTest {
  private final TransportLoops loops = TransportLoops.of(1, 1);

  @AfterEach
  void close() {
    loops.close();
  }

  private MetricsEndpoint endpoint(String host, int port) {
    return new MetricsEndpoint(
        (VertxLoop) loops.home(Loop.Family.HTTP),
        new Address(host, port),
        new Exposition(
            Telemetry.silent(), Map.of(), new Exposition.Style(true, true, Optional.empty())));
  }

  private static void done(Future<Void> step) throws Exception {
    OnLoop.done(step.toCompletionStage().toCompletableFuture());
  }

  @Test
  void aPortThatIsLetGoOfALittleLaterIsWaitedForBehindAnotherEndpoint() throws Exception {
    var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    int port = socket.getLocalPort();
    assertThatThrownBy(() -> done(endpoint("0.0.0.0", port).start()))
        .hasMessageContaining("cannot listen on 0.0.0.0:" + port);
    var behind = endpoint("0.0.0.0", port);
    var started = behind.startBehindAnother();
    OnLoop.settle(loops);
    assertThat(started.isComplete()).isFalse();
    socket.close();
    done(started);
    done(behind.stop());
  }

  @Test
  void theAddressOfAPortMayBeWidenedAndNarrowedAgain() throws Exception {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    var now = endpoint("127.0.0.1", port);
    done(now.start());
    for (int i = 0; i < 50; i++) {
      done(now.stop());
      now = endpoint(i % 2 == 0 ? "0.0.0.0" : "127.0.0.1", port);
      done(now.startBehindAnother());
    }
    done(now.stop());
  }
}
