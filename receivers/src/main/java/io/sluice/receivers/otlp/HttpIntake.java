package io.sluice.receivers.otlp;

import io.sluice.component.ComponentContext;
import io.sluice.data.Frame;
import io.sluice.data.Lease;
import io.sluice.data.Origin;
import io.sluice.data.OtlpJson;
import io.sluice.data.Signal;
import io.sluice.pipeline.Outcome;
import io.sluice.transport.RpcStatus;
import io.sluice.transport.RpcStatus.Code;
import io.sluice.transport.auth.HeaderRules;
import io.sluice.transport.http.Body;
import io.sluice.transport.http.HttpExchange;
import io.sluice.transport.http.HttpService;
import io.sluice.transport.http.Refusal;
import io.sluice.wire.Bytes;
import io.sluice.wire.MalformedWireException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The requests of one loop. Confined to that loop.
final class HttpIntake implements HttpService {
  private static final int OK = 200;
  private static final int TEMPORARY_REDIRECT = 307;
  private static final int NOT_FOUND = 404;
  private static final int METHOD_NOT_ALLOWED = 405;
  private static final int UNSUPPORTED_MEDIA_TYPE = 415;
  private static final String TEXT = "text/plain";
  private static final Bytes SUCCESS_PROTOBUF = Bytes.wrap(new byte[] {10, 0});
  private static final Bytes SUCCESS_JSON = Bytes.utf8("{\"partialSuccess\":{}}");

  private final Map<String, Signal> signals = new HashMap<>();
  private final boolean includeMetadata;
  private final ComponentContext context;
  private final Intake intake;
  private final Answers answers;
  private @Nullable Origin lastOrigin;

  HttpIntake(OtlpHttpConfig config, ComponentContext context, Intake intake, Answers answers) {
    for (var signal : Signal.values()) {
      signals.put(config.path(signal), signal);
    }
    this.includeMetadata = config.server().includeMetadata();
    this.context = context;
    this.intake = intake;
    this.answers = answers;
  }

  @Override
  public void handle(HttpExchange exchange) {
    var signal = signalAt(exchange.request().path());
    if (signal == null) {
      noSuchPath(exchange);
      return;
    }
    if (!exchange.request().method().equals(HttpMethod.POST)) {
      intake.rejected(Reason.METHOD_NOT_ALLOWED);
      text(exchange, METHOD_NOT_ALLOWED, "405 method not allowed, supported: [POST]");
      return;
    }
    var type = MediaType.of(exchange.header(HttpHeaders.CONTENT_TYPE));
    if (type == null) {
      intake.rejected(Reason.UNSUPPORTED_CONTENT_TYPE);
      text(
          exchange,
          UNSUPPORTED_MEDIA_TYPE,
          "415 unsupported media type, supported: [application/json, application/x-protobuf]");
      return;
    }
    exchange
        .body()
        .onComplete((body, failure) -> {
          if (body != null) {
            take(exchange, signal, type, body);
          } else if (failure instanceof Refusal refusal) {
            refuse(exchange, refusal);
          }
        });
  }

  private @Nullable Signal signalAt(@Nullable String path) {
    var signal = path == null ? null : signals.get(path);
    return signal != null && intake.serves(signal) ? signal : null;
  }

  /// What leads to a path of ours once `//`, `.` and `..` are taken out is sent there.
  private void noSuchPath(HttpExchange exchange) {
    var path = exchange.request().path();
    var clean = path == null ? "" : Paths.clean(path);
    intake.rejected(Reason.NOT_SERVED);
    if (!clean.equals(path) && signalAt(clean) != null) {
      exchange.response().putHeader(HttpHeaders.LOCATION, clean);
      exchange.answer(TEMPORARY_REDIRECT, "", Bytes.EMPTY);
    } else {
      exchange.response().putHeader("x-content-type-options", "nosniff");
      exchange.answer(NOT_FOUND, TEXT + "; charset=utf-8", Bytes.utf8("404 page not found\n"));
    }
  }

  private void take(HttpExchange exchange, Signal signal, MediaType type, Body body) {
    var lease = body.lease();
    try {
      var otlp = body.content();
      var frame = body.frame();
      if (type == MediaType.JSON) {
        otlp = OtlpJson.decode(signal, otlp, context.budget().arrays());
        frame = null;
        lease = exchangeFor(otlp, lease);
      }
      handOn(exchange, signal, type, otlp, frame, lease);
    } catch (MalformedWireException e) {
      lease.close();
      intake.rejected(Reason.MALFORMED);
      answer(exchange, type, RpcStatus.of(Code.INVALID_ARGUMENT, String.valueOf(e.getMessage())));
    }
  }

  /// The text is let go of; what counts is the wire form. If there is no room for both for a moment,
  /// the larger of the two charges stays.
  private Lease exchangeFor(Bytes otlp, Lease text) {
    var array = otlp.sharedArray();
    var lease = context.budget().take(array.length);
    if (lease == null) {
      return text;
    }
    lease.owns(array);
    text.close();
    return lease;
  }

  private void handOn(
      HttpExchange exchange,
      Signal signal,
      MediaType type,
      Bytes otlp,
      @Nullable Frame frame,
      Lease lease) {
    intake
        .accept(signal, otlp, frame, originOf(exchange), lease)
        .onComplete((outcome, _) -> {
          if (outcome == null) {
            lease.abandon();
          }
          try {
            answer(exchange, signal, type, outcome);
          } finally {
            lease.close();
          }
        });
  }

  private void answer(
      HttpExchange exchange, Signal signal, MediaType type, @Nullable Outcome outcome) {
    switch (outcome) {
      case null -> answer(exchange, type, RpcStatus.of(Code.INTERNAL, "internal error"));
      case Outcome.Accepted _ ->
          exchange.answer(
              OK, type.toString(), type == MediaType.JSON ? SUCCESS_JSON : SUCCESS_PROTOBUF);
      case Outcome.Partial partial ->
          exchange.answer(
              OK,
              type.toString(),
              type == MediaType.JSON
                  ? Answers.partialSuccessJson(signal, partial)
                  : Answers.partialSuccess(partial));
      case Outcome.Rejected rejected -> answer(exchange, type, answers.of(rejected));
      case Outcome.Refused refused -> answer(exchange, type, answers.of(refused));
    }
  }

  private static void answer(HttpExchange exchange, @Nullable MediaType type, RpcStatus status) {
    answer(exchange, type, Answers.httpStatusOf(status), status);
  }

  private static void answer(
      HttpExchange exchange, @Nullable MediaType type, int httpStatus, RpcStatus status) {
    if (status.retryDelay() != null) {
      exchange
          .response()
          .putHeader(HttpHeaders.RETRY_AFTER, Answers.retryAfter(status.retryDelay()));
    }
    switch (type) {
      case PROTOBUF -> exchange.answer(httpStatus, type.toString(), status.toProtobuf());
      case JSON -> exchange.answer(httpStatus, type.toString(), status.toJson());
      case null -> text(exchange, httpStatus, status.message());
    }
  }

  private static void text(HttpExchange exchange, int status, String text) {
    exchange.answer(status, TEXT, Bytes.utf8(text));
  }

  @Override
  public void refuse(HttpExchange exchange, Refusal refusal) {
    intake.rejected(reasonOf(refusal.kind()));
    var message = String.valueOf(refusal.getMessage());
    var type = MediaType.of(exchange.header(HttpHeaders.CONTENT_TYPE));
    int status = refusal.kind().status();
    switch (refusal.kind()) {
      case NO_ROOM ->
          answer(
              exchange,
              type,
              answers.of(
                  new Outcome.Refused(Outcome.Pressure.UNAVAILABLE, Duration.ZERO, message)));
      case UNAUTHENTICATED, EXPECTATION, TRANSFER_ENCODING -> text(exchange, status, message);
      case TOO_LARGE ->
          answer(exchange, type, status, RpcStatus.of(Code.RESOURCE_EXHAUSTED, message));
      case UNSUPPORTED_ENCODING, BAD_COMPRESSION, INCOMPLETE ->
          answer(exchange, type, status, RpcStatus.of(Code.INVALID_ARGUMENT, message));
    }
  }

  private static Reason reasonOf(Refusal.Kind kind) {
    return switch (kind) {
      case UNAUTHENTICATED -> Reason.UNAUTHENTICATED;
      case UNSUPPORTED_ENCODING, TRANSFER_ENCODING, EXPECTATION -> Reason.UNSUPPORTED_ENCODING;
      case BAD_COMPRESSION -> Reason.BAD_COMPRESSION;
      case TOO_LARGE -> Reason.TOO_LARGE;
      case NO_ROOM -> Reason.NO_ROOM;
      case INCOMPLETE -> Reason.INCOMPLETE;
    };
  }

  private Origin originOf(HttpExchange exchange) {
    var peer = exchange.peer();
    if (lastOrigin == null || !lastOrigin.peer().equals(peer)) {
      lastOrigin = new Origin(context.id().toString(), "http", peer, Map.of());
    }
    var origin =
        exchange.identity().isEmpty() ? lastOrigin : lastOrigin.withIdentity(exchange.identity());
    if (!includeMetadata) {
      return origin;
    }
    var metadata = exchange.headers();
    HeaderRules.PROOFS.forEach(metadata::remove);
    exchange.proofs().forEach(metadata::remove);
    return origin.withMetadata(metadata);
  }
}
