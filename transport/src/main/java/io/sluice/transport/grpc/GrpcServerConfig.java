package io.sluice.transport.grpc;

import io.sluice.component.Budget;
import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.EmptyIsOff;
import io.sluice.component.Findings;
import io.sluice.component.Ignored;
import io.sluice.component.Unsupported;
import io.sluice.transport.Endpoint;
import io.sluice.transport.Network;
import io.sluice.transport.auth.AuthConfig;
import io.sluice.transport.auth.MiddlewareConfig;
import io.sluice.transport.tls.TlsServerConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Settings of a gRPC server.
public record GrpcServerConfig(
    @Doc("Where to listen, host:port.") String endpoint,
    @Doc("tcp, tcp4, tcp6, or unix with a path as endpoint.") Network transport,
    @Doc("TLS; off unless written.") @EmptyIsOff Optional<TlsServerConfig> tls,
    @Doc("Largest message in MiB, compressed or not; 0 for 4.") int maxRecvMsgSizeMib,
    @Doc("Calls at one time on a connection; 0 for 1000.") long maxConcurrentStreams,
    @Doc("Bytes read from a socket at a time; 0 for 64 KiB.") long readBufferSize,
    @Ignored("writes are gathered by the event loop, there is no write buffer to size")
        @Doc("Bytes of the write buffer.")
        long writeBufferSize,
    @Doc("Pings, and the end of idle and old connections.") @EmptyIsOff
        Optional<Keepalive> keepalive,
    @Doc("Who may send; everybody unless written.") @EmptyIsOff Optional<AuthConfig> auth,
    @Doc("Keep the request's headers with the data.") boolean includeMetadata,
    @Unsupported("no extension here is a middleware") @Doc("Extensions that see every request.")
        List<MiddlewareConfig> middlewares)
    implements Checked {
  private static final int MESSAGE_BYTES_DEFAULT = 4 << 20;
  private static final int MESSAGE_MIB_MAX = 2047;

  /// How many times what may arrive at one time the largest message may be; it is alone in that.
  private static final int LARGEST_OF_ARRIVING = 2;

  public GrpcServerConfig {
    middlewares = List.copyOf(middlewares);
  }

  /// `keepalive`.
  public record Keepalive(
      @Doc("What the server does.") @EmptyIsOff Optional<ServerParameters> serverParameters,
      @Doc("What clients may do.") @EmptyIsOff Optional<EnforcementPolicy> enforcementPolicy) {
    public static Keepalive defaults() {
      return new Keepalive(Optional.empty(), Optional.empty());
    }
  }

  /// `keepalive::server_parameters`.
  public record ServerParameters(
      @Doc("Close a connection without calls after this time; 0 for 10m.")
          Duration maxConnectionIdle,
      @Doc("Ask a client to connect anew after this time; 0 for never.") Duration maxConnectionAge,
      @Doc("Time for calls under way when a connection got too old; 0 for no limit.")
          Duration maxConnectionAgeGrace,
      @Doc("Ping a silent client after this time; 0 for 2h.") Duration time,
      @Doc("Close a connection whose ping is not answered in this time; 0 for 20s.")
          Duration timeout)
      implements Checked {
    public static ServerParameters defaults() {
      return new ServerParameters(
          Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    }

    @Override
    public void check(Findings findings) {
      notNegative(findings, "max_connection_idle", maxConnectionIdle);
      notNegative(findings, "max_connection_age", maxConnectionAge);
      notNegative(findings, "max_connection_age_grace", maxConnectionAgeGrace);
      notNegative(findings, "time", time);
      notNegative(findings, "timeout", timeout);
    }
  }

  /// `keepalive::enforcement_policy`.
  public record EnforcementPolicy(
      @Doc("A client that pings more often is sent away; 0 for 5m.") Duration minTime,
      @Doc("Allow pings on connections without calls.") boolean permitWithoutStream)
      implements Checked {
    public static EnforcementPolicy defaults() {
      return new EnforcementPolicy(Duration.ZERO, false);
    }

    @Override
    public void check(Findings findings) {
      notNegative(findings, "min_time", minTime);
    }
  }

  public static GrpcServerConfig defaults() {
    return new GrpcServerConfig(
        "",
        Network.TCP,
        Optional.empty(),
        0,
        0,
        0,
        0,
        Optional.empty(),
        Optional.empty(),
        false,
        List.of());
  }

  public GrpcServerConfig withEndpoint(String endpoint) {
    return new GrpcServerConfig(
        endpoint,
        transport,
        tls,
        maxRecvMsgSizeMib,
        maxConcurrentStreams,
        readBufferSize,
        writeBufferSize,
        keepalive,
        auth,
        includeMetadata,
        middlewares);
  }

  public GrpcServerConfig withReadBufferSize(long bytes) {
    return new GrpcServerConfig(
        endpoint,
        transport,
        tls,
        maxRecvMsgSizeMib,
        maxConcurrentStreams,
        bytes,
        writeBufferSize,
        keepalive,
        auth,
        includeMetadata,
        middlewares);
  }

  /// As written, as far as a message could ever be held.
  public int messageBytesMax(Budget budget) {
    return (int) Math.min(messageBytesMax(), Math.min(budget.bytesMax(), arrivingMax(budget)));
  }

  private static long arrivingMax(Budget budget) {
    long max = budget.arriving().bytesMax();
    return max > Integer.MAX_VALUE ? max : LARGEST_OF_ARRIVING * max;
  }

  public int messageBytesMax() {
    return maxRecvMsgSizeMib == 0 ? MESSAGE_BYTES_DEFAULT : maxRecvMsgSizeMib << 20;
  }

  @Override
  public void check(Findings findings) {
    Endpoint.check(endpoint, transport, findings);
    findings.require(
        maxRecvMsgSizeMib >= 0 && maxRecvMsgSizeMib <= MESSAGE_MIB_MAX,
        "max_recv_msg_size_mib",
        maxRecvMsgSizeMib + " (expected: 0 to " + MESSAGE_MIB_MAX + ")");
    findings.require(
        maxConcurrentStreams >= 0,
        "max_concurrent_streams",
        maxConcurrentStreams + " (expected: >= 0)");
    findings.require(readBufferSize >= 0, "read_buffer_size", readBufferSize + " (expected: >= 0)");
  }

  private static void notNegative(Findings findings, String key, Duration duration) {
    findings.require(!duration.isNegative(), key, duration + " (expected: >= 0)");
  }
}
