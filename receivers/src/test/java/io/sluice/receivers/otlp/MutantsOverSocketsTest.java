package io.sluice.receivers.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.Loop.Family;
import io.sluice.data.Mutants;
import io.sluice.data.OtlpJson;
import io.sluice.data.Signal;
import io.sluice.data.Validate;
import io.sluice.wire.Bytes;
import io.sluice.wire.MalformedWireException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A part of the damaged requests of `MutantTest`, one after another on one connection: each is taken or
/// refused as the gate says, and the connection goes on.
class MutantsOverSocketsTest {
  private static final int CASES = 500;

  private final Watched budget = new Watched(64 << 20);
  private int items;
  private int accepted;

  @ParameterizedTest
  @EnumSource
  void damagedProtobufIsTakenOrRefused(Family family) throws Exception {
    var config = family == Family.GRPC ? GrpcReceiverTest.config() : HttpReceiverTest.config();
    try (var running = new Running(config, budget);
        var sender = new Sender(running.port(), family)) {
      for (int seed = 0; seed < CASES; seed++) {
        if (Mutants.signal(seed) == Signal.TRACES) {
          var mutant = Mutants.wire(seed);
          assertThat(sender.send(mutant)).as("seed " + seed).isEqualTo(taken(Bytes.wrap(mutant)));
        }
      }
      assertCounts(running);
    }
  }

  @Test
  void damagedJsonIsTakenOrRefused() throws Exception {
    try (var running = new Running(HttpReceiverTest.config(), budget);
        var sender = new Sender(running.port(), Family.HTTP, "application/json")) {
      for (int seed = 0; seed < CASES; seed++) {
        if (Mutants.signal(seed) == Signal.TRACES) {
          var mutant = Mutants.json(seed);
          assertThat(sender.send(mutant)).as("seed " + seed).isEqualTo(takenJson(mutant));
        }
      }
      assertCounts(running);
    }
  }

  private boolean takenJson(byte[] mutant) {
    try {
      return taken(OtlpJson.decode(Signal.TRACES, Bytes.wrap(mutant)));
    } catch (MalformedWireException _) {
      return false;
    }
  }

  private boolean taken(Bytes mutant) {
    try {
      items += Validate.request(Signal.TRACES, mutant).items();
      accepted++;
      return true;
    } catch (MalformedWireException _) {
      return false;
    }
  }

  private void assertCounts(Running running) throws Exception {
    running.settle();
    assertThat(accepted).isBetween(5, CASES / 4);
    assertThat(running.sink.items()).isEqualTo(items);
    assertThat(budget.bytes()).isZero();
  }
}
