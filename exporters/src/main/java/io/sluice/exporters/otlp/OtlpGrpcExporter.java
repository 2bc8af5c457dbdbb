package io.sluice.exporters.otlp;

import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.sluice.component.ComponentContext;
import io.sluice.component.Loop;
import io.sluice.data.Batch;
import io.sluice.pipeline.Outcome;
import io.sluice.transport.auth.AuthException;
import io.sluice.transport.auth.ClientAuthenticator;
import io.sluice.transport.codec.Codec;
import io.sluice.transport.codec.Decoder;
import io.sluice.transport.grpc.GrpcChannel;
import io.sluice.transport.grpc.GrpcMessage;
import io.sluice.transport.grpc.OtlpMethods;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Sends batches by OTLP/gRPC, on the loop it lives on.
final class OtlpGrpcExporter implements OtlpExporter {
  /// For calls that the gateway no longer waits for.
  private static final Duration GRACE = Duration.ofSeconds(1);

  private static final String IN_THE_CLEAR =
      "auth::authenticator: would be sent for everybody to read";

  private final OtlpGrpcExporterConfig config;
  private final ComponentContext context;
  private final Map<String, String> environment;
  private final Map<String, String> own = new HashMap<>();
  private final Metadata headers = new Metadata();
  private final Payload payload;
  private final Decoder decoder = new Decoder();
  private final CallOptions options;
  private Optional<Supplier<ClientAuthenticator>> authenticator = Optional.empty();
  private boolean plaintext;
  private @Nullable ManagedChannel channel;

  OtlpGrpcExporter(
      OtlpGrpcExporterConfig config, ComponentContext context, Map<String, String> environment) {
    this.config = config;
    this.context = context;
    this.environment = environment;
    var client = config.client();
    client.headers().forEach((name, value) -> own.put(lower(name), value.value()));
    own.forEach((name, value) -> put(headers, name, value));
    payload = new Payload(client.encoding().flatMap(Codec::ofGrpcEncoding), OptionalInt.empty());
    var basic = client.encoding().map(CallOptions.DEFAULT::withCompression);
    options =
        client.waitForReady()
            ? basic.orElse(CallOptions.DEFAULT).withWaitForReady()
            : basic.orElse(CallOptions.DEFAULT);
  }

  @Override
  public Future<Void> start() {
    try {
      authenticator =
          config.client().auth().map(auth -> auth.find(ClientAuthenticator.class, context));
      keepSecrets();
      channel = open();
      return Future.succeededFuture();
    } catch (IOException | IllegalStateException e) {
      return Future.failedFuture(e);
    }
  }

  private void keepSecrets() {
    plaintext = config.client().plaintext();
    if (authenticator.isPresent() && tells(authenticator.get().get())) {
      throw new IllegalStateException(IN_THE_CLEAR + " (expected: TLS, without tls::insecure)");
    }
  }

  private boolean tells(ClientAuthenticator who) {
    return plaintext && who.secret();
  }

  /// Tells of connections, for who looks at level debug.
  private void watch(ManagedChannel watched) {
    var state = watched.getState(false);
    context
        .log()
        .debug("Connection", "endpoint", config.client().endpoint(), "state", state.toString());
    if (state != ConnectivityState.SHUTDOWN) {
      watched.notifyWhenStateChanged(state, () -> watch(watched));
    }
  }

  @Override
  public Future<Outcome> send(Batch batch, Map<String, String> more) {
    if (authenticator.isEmpty()) {
      return send(batch, more.isEmpty() ? headers : metadata(with(more)), config.timeout());
    }
    var who = authenticator.get().get();
    if (tells(who)) { // another than at the start, since a reload
      return Outcome.refused(IN_THE_CLEAR).now();
    }
    return new Attempt(who, new ClientAuthenticator.Request(with(more), batch.origin()), batch)
        .begin();
  }

  private Map<String, String> with(Map<String, String> more) {
    if (more.isEmpty()) {
      return own;
    }
    var all = new HashMap<>(own);
    more.forEach((name, value) -> all.put(lower(name), value));
    return all;
  }

  private static Metadata metadata(Map<String, String> headers) {
    var metadata = new Metadata();
    headers.forEach((name, value) -> put(metadata, name, value));
    return metadata;
  }

  /// To send a batch with a proof of who we are, for which there is no more time than for both together.
  private final class Attempt {
    private final ClientAuthenticator who;
    private final ClientAuthenticator.Request request;
    private final Batch batch;
    private final Promise<Outcome> answer = Promise.promise();
    private final long begunNs = context.loop().nanoTime();
    private Loop.Timer timer = () -> {};

    Attempt(ClientAuthenticator who, ClientAuthenticator.Request request, Batch batch) {
      this.who = who;
      this.request = request;
      this.batch = batch;
    }

    Future<Outcome> begin() {
      var time = config.timeout();
      if (time.isPositive()) {
        timer =
            context
                .loop()
                .schedule(
                    time, () -> answer.tryComplete(Outcome.refused("no answer within " + time)));
      }
      ask(true);
      return answer.future().onComplete((_, _) -> timer.cancel());
    }

    /// @param again whether it may be sent once more if the destination does not believe us
    private void ask(boolean again) {
      guarded(() ->
          who.headers(request)
              .onComplete(
                  (given, failure) -> onLoop(() -> guarded(() -> go(given, failure, again)))));
    }

    private void go(
        @Nullable Map<String, String> given, @Nullable Throwable failure, boolean again) {
      if (failure != null) {
        answer.tryComplete(AuthException.outcome(failure));
      } else if (given != null && !answer.future().isComplete()) {
        send(batch, metadata(given), left())
            .onComplete((outcome, bug) -> guarded(() -> answered(given, outcome, bug, again)));
      }
    }

    private void answered(
        Map<String, String> given,
        @Nullable Outcome outcome,
        @Nullable Throwable bug,
        boolean again) {
      if (disbelieved(outcome) && who.disbelieved(given) && again) {
        ask(false);
      } else if (bug != null) {
        answer.tryFail(bug);
      } else {
        answer.tryComplete(outcome);
      }
    }

    /// Of the timeout; zero for no end.
    private Duration left() {
      if (!config.timeout().isPositive()) {
        return Duration.ZERO;
      }
      long ns = config.timeout().toNanos() - (context.loop().nanoTime() - begunNs);
      return Duration.ofNanos(Math.max(1, ns));
    }

    /// An authenticator is another's work: what it throws must not leave anybody waiting.
    private void guarded(Runnable work) {
      try {
        work.run();
      } catch (OutOfMemoryError | RuntimeException e) {
        answer.tryFail(e);
      }
    }
  }

  private static boolean disbelieved(@Nullable Outcome outcome) {
    return outcome instanceof Outcome.Rejected(var fault, _)
        && fault == Outcome.Fault.UNAUTHENTICATED;
  }

  private void onLoop(Runnable task) {
    if (context.loop().inLoop()) {
      task.run();
    } else {
      context.loop().execute(task);
    }
  }

  private Future<Outcome> send(Batch batch, Metadata own, Duration time) {
    var used = channel;
    if (used == null) {
      return Outcome.refused("not running").now();
    }
    var metadata = new Metadata();
    metadata.merge(own);
    var timed =
        time.isPositive()
            ? options.withDeadlineAfter(time.toNanos(), TimeUnit.NANOSECONDS)
            : options;
    var call = onItsOwn(() -> used.newCall(OtlpMethods.export(batch.signal()), timed));
    var listener = new CallListener(context, decoder, () -> replace(used));
    try {
      call.start(listener, metadata);
      call.request(1);
      call.sendMessage(new GrpcMessage(payload.of(batch), payload.compresses()));
      call.halfClose();
    } catch (OutOfMemoryError | RuntimeException e) {
      call.cancel("not sent", e); // the listener knows what to make of it
      throw e;
    }
    return listener.outcome();
  }

  /// Where a gRPC server calls us, a call would belong to the one that came in, and end with it: when the
  /// sender has its answer.
  private static <T> T onItsOwn(Supplier<T> work) {
    var outer = Context.ROOT.attach();
    try {
      return work.get();
    } finally {
      Context.ROOT.detach(outer);
    }
  }

  private ManagedChannel open() throws IOException {
    var opened = GrpcChannel.open(config.client(), context, environment);
    watch(opened);
    return opened;
  }

  /// A channel that once ran out of memory fails all its calls from then on.
  private void replace(ManagedChannel broken) {
    if (!broken.equals(channel)) {
      return;
    }
    try {
      channel = open();
      broken.shutdownNow();
    } catch (IOException e) {
      context.log().error("Cannot open another channel", "error", e.toString());
    }
  }

  private static void put(Metadata metadata, String name, String value) {
    metadata.put(Metadata.Key.of(lower(name), Metadata.ASCII_STRING_MARSHALLER), value);
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /// Closes the channel without holding up the loop.
  @Override
  public Future<Void> stop() {
    var closing = channel;
    channel = null;
    if (closing == null) {
      release();
      return Future.succeededFuture();
    }
    Promise<Void> stopped = Promise.promise();
    closing.shutdown();
    Thread.ofVirtual()
        .name("sluice-grpc-channel")
        .start(() -> {
          try {
            if (!closing.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
              closing.shutdownNow();
            }
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
          context
              .loop()
              .execute(() -> {
                release();
                stopped.complete();
              });
        });
    return stopped.future();
  }

  private void release() {
    payload.close();
    decoder.close();
  }
}
