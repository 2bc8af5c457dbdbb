package io.sluice.exporters.otlp;

import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.Findings;
import io.sluice.component.QueueConfig;
import io.sluice.component.RetryConfig;
import io.sluice.component.Squash;
import io.sluice.transport.grpc.GrpcClientConfig;
import java.time.Duration;
import java.util.Optional;

/// `otlp_grpc`.
public record OtlpGrpcExporterConfig(
    @Squash GrpcClientConfig client,
    @Doc("Longest time for one attempt; 0 for no limit.") Duration timeout,
    @Doc("What happens when an attempt fails.") RetryConfig retryOnFailure,
    @Doc("Where batches wait; on unless disabled.") Optional<QueueConfig> sendingQueue)
    implements Checked {
  private static final int WRITE_BUFFER_BYTES = 512 << 10;

  public static OtlpGrpcExporterConfig defaults() {
    var client = GrpcClientConfig.defaults();
    return new OtlpGrpcExporterConfig(
        client.with("", "gzip", client.tls()).withWriteBufferSize(WRITE_BUFFER_BYTES),
        Duration.ofSeconds(5),
        RetryConfig.defaults(),
        Optional.of(QueueConfig.defaults()));
  }

  @Override
  public void check(Findings findings) {
    findings.require(!timeout.isNegative(), "timeout", timeout + " (expected: >= 0)");
  }
}
