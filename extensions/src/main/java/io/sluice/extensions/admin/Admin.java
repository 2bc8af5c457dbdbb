package io.sluice.extensions.admin;

import io.sluice.component.ComponentContext;
import io.sluice.component.Extension;
import io.sluice.component.Loop;
import io.sluice.disk.Storage;
import io.sluice.disk.Store;
import io.sluice.telemetry.Why;
import io.sluice.transport.http.HttpExchange;
import io.sluice.transport.http.HttpServerConfig;
import io.sluice.transport.http.HttpService;
import io.sluice.transport.http.Refusal;
import io.sluice.transport.http.SoleListener;
import io.vertx.core.Future;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Serves [QueueCalls] under `/v1/`. They block on disks, so they have a thread of their own, one for all
/// of them: nobody can make the gateway do many at once.
final class Admin implements Extension, HttpService {
  private static final String PATH = "/v1/";
  private static final String JSON = "application/json";
  private static final int UNAUTHENTICATED = 401;
  private static final int FORBIDDEN = 403;
  private static final int WRONG_METHOD = 405;
  private static final int WAITING_MAX = 16;
  private static final int TOKEN_BYTES = 32;
  private static final long IDLE_S = 10;
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private final AdminConfig config;
  private final ComponentContext context;
  private final String token = HexFormat.of().formatHex(randomBytes());
  private final Gate gate = new Gate(token);
  private final QueueCalls calls;
  private final ThreadPoolExecutor worker;
  private final Map<Store, Notice> announced = new HashMap<>();
  private final SoleListener listener = new SoleListener();
  private Loop.@Nullable Timer look;

  Admin(AdminConfig config, ComponentContext context) {
    this.config = config;
    this.context = context;
    calls = new QueueCalls(this::stores, context.budget()::take, true);
    worker =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_S,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING_MAX),
            task -> Thread.ofPlatform().daemon().name("admin").unstarted(task));
    worker.allowCoreThreadTimeOut(true);
  }

  private static byte[] randomBytes() {
    var bytes = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }

  private Map<String, Store> stores() {
    var stores = new LinkedHashMap<String, Store>();
    context
        .extensions()
        .running()
        .forEach((id, extension) -> {
          if (extension instanceof Storage storage) {
            stores.put(id.toString(), storage.store());
          }
        });
    return stores;
  }

  @Override
  public Future<Void> start() {
    context.log().info("Starting admin extension", "endpoint", config.endpoint());
    return listener
        .start(HttpServerConfig.defaults().at(config.endpoint()), context, this)
        .onSuccess(_ -> look());
  }

  /// Storages come and go with reloads.
  private void look() {
    var stores = stores();
    announced.keySet().removeIf(known -> !stores.containsValue(known));
    var at = addresses();
    if (!at.isEmpty()) {
      stores.forEach((id, store) ->
          announced.computeIfAbsent(
              store, _ -> new Notice(id, store, at.getFirst(), token, context.log())));
    }
    look = context.loop().schedule(LOOK_EVERY, this::look);
  }

  @Override
  public Future<Void> stop() {
    if (look != null) {
      look.cancel();
    }
    announced.values().forEach(Notice::withdraw);
    announced.clear();
    worker.shutdown();
    return listener.stop();
  }

  @Override
  public boolean handOver() {
    return listener.handOver();
  }

  @Override
  public void stay() {
    listener.stay();
  }

  List<InetSocketAddress> addresses() {
    return listener.addresses();
  }

  @Override
  public void handle(HttpExchange exchange) {
    var objection = gate.objection(exchange);
    var path = exchange.request().path();
    if (!objection.isEmpty()) {
      answer(exchange, Answer.error(FORBIDDEN, objection));
    } else if (path == null || !path.startsWith(PATH)) {
      answer(exchange, Answer.error(Answer.NOT_FOUND, "no such path (expected: /v1/queues)"));
    } else {
      call(exchange, path.substring(PATH.length()));
    }
  }

  private void call(HttpExchange exchange, String call) {
    boolean changes = call.equals("drop") || call.equals("replay");
    var method = changes ? "POST" : "GET";
    if (!exchange.request().method().name().equals(method)) {
      answer(exchange, Answer.error(WRONG_METHOD, call + " is a " + method));
    } else if (!call.equals("queues") && !gate.knows(exchange)) {
      answer(
          exchange,
          Answer.error(
              UNAUTHENTICATED,
              "no token, or another one (expected: 'Authorization: Bearer TOKEN'; it is in the file "
                  + Notice.TOKEN_FILE
                  + " of the storage's directory)"));
    } else {
      work(exchange, call);
    }
  }

  private void work(HttpExchange exchange, String call) {
    var parameters = new HashMap<String, String>();
    exchange.request().params().forEach(parameters::put);
    try {
      worker.execute(() -> {
        var answer = calledSafely(call, parameters);
        exchange.loop().execute(() -> answer(exchange, answer));
      });
    } catch (RejectedExecutionException _) {
      answer(exchange, Answer.error(Answer.NO_ROOM, "too many calls wait already"));
    }
  }

  private Answer calledSafely(String call, Map<String, String> parameters) {
    try {
      return calls.answer(call, parameters);
    } catch (RuntimeException bug) {
      context.log().error("Bug in a call of the admin port", "call", call, "error", Why.of(bug));
      return Answer.error(Answer.FAILED, Why.of(bug));
    }
  }

  private static void answer(HttpExchange exchange, Answer answer) {
    var headers = exchange.response().headers();
    headers.set("Cache-Control", "no-store").set("X-Content-Type-Options", "nosniff");
    if (answer.records() > 0) {
      headers.set(Answer.RECORDS, Long.toString(answer.records()));
    }
    if (!answer.resume().isEmpty()) {
      headers.set(Answer.RESUME, answer.resume());
    }
    if (answer.damaged() > 0) {
      headers.set(Answer.DAMAGED, Long.toString(answer.damaged()));
    }
    exchange
        .answer(answer.status(), answer.contentType(), answer.body())
        .onComplete((_, _) -> answer.lease().close());
  }

  @Override
  public void refuse(HttpExchange exchange, Refusal refusal) {
    exchange.answer(
        refusal.kind().status(),
        JSON,
        Answer.error(refusal.kind().status(), String.valueOf(refusal.getMessage())).body());
  }
}
