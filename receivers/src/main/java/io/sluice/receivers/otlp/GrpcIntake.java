package io.sluice.receivers.otlp;

import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.sluice.component.ComponentContext;
import io.sluice.component.Loop;
import io.sluice.data.Origin;
import io.sluice.data.Signal;
import io.sluice.transport.auth.ServerAuthenticator;
import io.sluice.transport.codec.Decoder;
import io.sluice.transport.grpc.DirectMemory;
import io.sluice.transport.grpc.GrpcMessage;
import io.sluice.transport.grpc.GrpcServerConfig;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What the calls of one loop share. Confined to that loop.
final class GrpcIntake {
  private static final int ORIGINS_MAX = 1024;

  final Answers answers;
  final Intake common;
  final Admission admission;
  final Decoder decoder;
  final int messageBytesMax;

  private final Loop loop;
  private final String receiver;
  private final boolean includeMetadata;
  private Optional<Supplier<ServerAuthenticator>> authenticator = Optional.empty();

  /// The stream that was opened last, and by which headers: its call begins next, if it begins.
  private @Nullable GrpcStream opened;

  private @Nullable Metadata openedBy;
  private final Map<SocketAddress, Origin> origins =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<SocketAddress, Origin> eldest) {
          return size() > ORIGINS_MAX;
        }
      };

  GrpcIntake(
      GrpcServerConfig config,
      ComponentContext context,
      Intake intake,
      Loop loop,
      Answers answers) {
    this.answers = answers;
    this.common = intake;
    this.loop = loop;
    this.receiver = context.id().toString();
    this.includeMetadata = config.includeMetadata();
    this.messageBytesMax = config.messageBytesMax(context.budget());
    this.admission = new Admission(context.budget(), loop, DirectMemory::scarce);
    this.decoder = new Decoder(context.budget().arrays());
  }

  void open(Optional<Supplier<ServerAuthenticator>> authenticator) {
    this.authenticator = authenticator;
  }

  Loop loop() {
    return loop;
  }

  boolean serves(Signal signal) {
    return common.serves(signal);
  }

  /// gRPC opens a stream, and at once begins its call if it has the method.
  GrpcStream stream(Metadata headers) {
    var stream = new GrpcStream(common::rejected);
    opened = stream;
    openedBy = headers;
    return stream;
  }

  ServerCall.Listener<GrpcMessage> begin(
      Signal signal, ServerCall<GrpcMessage, GrpcMessage> call, Metadata headers) {
    var exchange = new GrpcExchange(this, signal, call, headers);
    if (opened != null && openedBy == headers) {
      opened.carries(exchange);
    }
    opened = null;
    openedBy = null;
    if (authenticator.isEmpty()) {
      exchange.admit();
    } else {
      var who = authenticator.get().get();
      exchange.proofs(who.proofs());
      var request = new ServerAuthenticator.Request(GrpcHeaders.all(call, headers), peer(call));
      who.authenticate(request).onComplete(exchange::authenticated);
    }
    return exchange;
  }

  /// @param proofs headers that do not travel with the data
  Origin originOf(
      ServerCall<?, ?> call, Metadata headers, Map<String, String> identity, Set<String> proofs) {
    var address = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    if (address == null) {
      return new Origin(receiver, "grpc", "", Map.of(), identity);
    }
    var known =
        origins.computeIfAbsent(address, a -> new Origin(receiver, "grpc", text(a), Map.of()));
    var origin = identity.isEmpty() ? known : known.withIdentity(identity);
    return includeMetadata ? origin.withMetadata(GrpcHeaders.kept(call, headers, proofs)) : origin;
  }

  void close() {
    loop.execute(decoder::close);
  }

  private static String peer(ServerCall<?, ?> call) {
    return text(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
  }

  private static String text(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress inet && inet.getAddress() != null
        ? inet.getAddress().getHostAddress()
        : "";
  }
}
