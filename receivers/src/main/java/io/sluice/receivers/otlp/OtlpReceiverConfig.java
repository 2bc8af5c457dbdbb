package io.sluice.receivers.otlp;

import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.Findings;
import io.sluice.component.Squash;
import io.sluice.transport.grpc.GrpcServerConfig;
import java.util.Optional;

/// `otlp`.
public record OtlpReceiverConfig(@Doc("What it speaks; at least one of them.") Protocols protocols)
    implements Checked {
  public static OtlpReceiverConfig defaults() {
    return new OtlpReceiverConfig(Protocols.defaults());
  }

  /// `protocols`.
  public record Protocols(
      @Doc("OTLP over gRPC; off unless written.") Optional<Grpc> grpc,
      @Doc("OTLP over HTTP; off unless written.") Optional<OtlpHttpConfig> http) {
    public static Protocols defaults() {
      return new Protocols(Optional.empty(), Optional.empty());
    }
  }

  /// `protocols::grpc`.
  public record Grpc(@Squash GrpcServerConfig server) {
    private static final int READ_BUFFER_BYTES = 512 << 10;

    public static Grpc defaults() {
      return new Grpc(
          GrpcServerConfig.defaults()
              .withEndpoint("localhost:4317")
              .withReadBufferSize(READ_BUFFER_BYTES));
    }
  }

  @Override
  public void check(Findings findings) {
    findings.require(
        protocols.grpc().isPresent() || protocols.http().isPresent(),
        "protocols",
        "none (expected: grpc, http or both)");
  }
}
