package io.sluice.exporters.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.Status;
import io.sluice.component.Kind;
import io.sluice.pipeline.Outcome;
import io.sluice.testkit.Contexts;
import io.sluice.testkit.TestLoop;
import io.sluice.transport.codec.Decoder;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CallListenerTest {
  private final AtomicInteger broken = new AtomicInteger();
  private final CallListener listener =
      new CallListener(
          Contexts.of(Kind.EXPORTER, "otlp_grpc", new TestLoop()),
          new Decoder(),
          broken::incrementAndGet);

  /// Such a channel fails every call from then on, though the data is sound.
  @Test
  void aCallThatFoundNoMemoryIsRetriedOnAnotherChannel() {
    var cause = new OutOfMemoryError("Cannot reserve direct buffer memory");
    listener.onClose(Status.UNKNOWN.withCause(cause), new Metadata());

    assertThat(listener.outcome().result())
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.reason()).contains("Cannot reserve direct buffer"));
    assertThat(broken).hasValue(1);
  }

  @Test
  void aChannelSurvivesWhateverElseBefallsACall() {
    listener.onClose(Status.UNKNOWN.withCause(new IllegalStateException("x")), new Metadata());

    assertThat(listener.outcome().result()).isInstanceOf(Outcome.Rejected.class);
    assertThat(broken).hasValue(0);
  }
}
