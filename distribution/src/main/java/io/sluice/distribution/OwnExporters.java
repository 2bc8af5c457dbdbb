package io.sluice.distribution;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.component.ComponentContext;
import io.sluice.component.ComponentId;
import io.sluice.component.Exporter;
import io.sluice.component.Health;
import io.sluice.component.Kind;
import io.sluice.component.Loop;
import io.sluice.component.Secret;
import io.sluice.component.Status;
import io.sluice.data.Batch;
import io.sluice.data.OtlpJson;
import io.sluice.exporters.otlp.OtlpGrpcExporterConfig;
import io.sluice.exporters.otlp.OtlpGrpcExporterFactory;
import io.sluice.exporters.otlp.OtlpHttpExporterConfig;
import io.sluice.exporters.otlp.OtlpHttpExporterConfig.Encoding;
import io.sluice.exporters.otlp.OtlpHttpExporterFactory;
import io.sluice.pipeline.Outcome;
import io.sluice.service.Environment;
import io.sluice.service.OtlpDestination;
import io.sluice.service.OtlpDestination.Protocol;
import io.sluice.telemetry.Log;
import io.sluice.telemetry.Telemetry;
import io.sluice.telemetry.Why;
import io.sluice.transport.grpc.GrpcClientConfig;
import io.sluice.transport.http.HttpClientConfig;
import io.sluice.transport.tls.TlsClientConfig;
import io.sluice.transport.tls.TlsConfig;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// The exporters that carry own telemetry: those of the pipelines, without queue and retry. What they
/// carry is not measured again.
final class OwnExporters {
  /// @param loop the exporter's
  record Way(Exporter exporter, Loop loop) {
    /// Never fails. To be called on the loop.
    Future<Outcome> send(Batch batch, Duration patience) {
      Promise<Outcome> answer = Promise.promise();
      var late =
          loop.schedule(
              patience, () -> answer.tryComplete(Outcome.refused("no answer in " + patience)));
      exporter
          .accept(batch)
          .onComplete((outcome, failure) -> {
            late.cancel();
            answer.tryComplete(failure == null ? outcome : Outcome.refused(Why.of(failure)));
          });
      return answer.future();
    }
  }

  private final Environment environment;
  private final Health health;

  /// Measures nothing.
  private final Telemetry telemetry;

  OwnExporters(Environment environment, Health health) {
    this.environment = environment;
    this.health = health;
    telemetry =
        new Telemetry(
            new SimpleMeterRegistry(), Telemetry.Level.NONE, environment.telemetry().books());
  }

  Way otlp(OtlpDestination to) {
    boolean grpc = to.protocol().equals(Optional.of(Protocol.GRPC));
    var context = context(grpc ? Loop.Family.GRPC : Loop.Family.HTTP);
    var exporter =
        grpc
            ? new OtlpGrpcExporterFactory().create(grpc(to), context)
            : new OtlpHttpExporterFactory().create(http(to), context);
    return new Way(exporter, context.loop());
  }

  Way console(PrintStream out) {
    return new Way(new Console(out), environment.loops().home(Loop.Family.HTTP));
  }

  /// One line of OTLP/JSON for each batch.
  private record Console(PrintStream out) implements Exporter {
    @Override
    public Future<Outcome> accept(Batch batch) {
      var line = new ByteArrayOutputStream();
      try {
        OtlpJson.encode(batch.signal(), batch.otlp(), line);
      } catch (IOException e) {
        throw new UncheckedIOException(e); // an array does not fail
      }
      line.write('\n');
      synchronized (out) {
        out.writeBytes(line.toByteArray());
        out.flush();
      }
      return new Outcome.Accepted().now();
    }
  }

  private ComponentContext context(Loop.Family family) {
    return new ComponentContext(
        Kind.EXPORTER,
        ComponentId.parse("otlp/telemetry"),
        environment.loops().home(family),
        environment.loops(),
        environment.budget(),
        telemetry,
        Log.NONE, // a warning of sending the log would be sent
        Status.Reporter.NONE,
        health,
        ComponentContext.Extensions.NONE,
        environment.clock(),
        environment.build());
  }

  private static OtlpGrpcExporterConfig grpc(OtlpDestination to) {
    var plain = GrpcClientConfig.defaults();
    var url = URI.create(to.url());
    var client =
        new GrpcClientConfig(
            url.getScheme() + "://" + url.getRawAuthority(),
            to.gzip() ? "gzip" : "none",
            tls(to),
            plain.keepalive(),
            plain.readBufferSize(),
            plain.writeBufferSize(),
            plain.waitForReady(),
            to.allHeaders(),
            plain.balancerName(),
            plain.authority(),
            plain.userAgent(),
            plain.auth(),
            plain.middlewares());
    var defaults = OtlpGrpcExporterConfig.defaults();
    return new OtlpGrpcExporterConfig(
        client, to.patience(), defaults.retryOnFailure(), Optional.empty());
  }

  private static OtlpHttpExporterConfig http(OtlpDestination to) {
    var url = to.url();
    var path = URI.create(url).getRawPath();
    boolean whole = path != null && !path.isEmpty() && !path.equals("/");
    var defaults = OtlpHttpExporterConfig.defaults();
    return new OtlpHttpExporterConfig(
        client(to),
        to.protocol().equals(Optional.of(Protocol.HTTP_JSON)) ? Encoding.JSON : Encoding.PROTO,
        "",
        whole ? url : "",
        whole ? url : "",
        "",
        defaults.retryOnFailure(),
        Optional.empty());
  }

  private static HttpClientConfig client(OtlpDestination to) {
    var plain = HttpClientConfig.defaults();
    return new HttpClientConfig(
        to.url(),
        plain.proxyUrl(),
        tls(to),
        to.allHeaders(),
        plain.auth(),
        plain.middlewares(),
        to.patience(),
        to.gzip() ? "gzip" : "none",
        plain.compressionParams(),
        plain.readBufferSize(),
        plain.writeBufferSize(),
        plain.maxIdleConns(),
        plain.maxIdleConnsPerHost(),
        plain.maxConnsPerHost(),
        plain.idleConnTimeout(),
        plain.disableKeepAlives(),
        plain.http2ReadIdleTimeout(),
        plain.http2PingTimeout(),
        plain.forceAttemptHttp2(),
        plain.cookies());
  }

  private static TlsClientConfig tls(OtlpDestination to) {
    var none = new Secret("");
    var plain = TlsConfig.defaults();
    var common =
        new TlsConfig(
            to.certificate(),
            none,
            plain.includeSystemCaCertsPool(),
            to.clientCertificate(),
            none,
            to.clientKey(),
            none,
            plain.minVersion(),
            plain.maxVersion(),
            plain.cipherSuites(),
            plain.includeInsecureCipherSuites(),
            plain.curvePreferences(),
            plain.reloadInterval(),
            plain.tpm());
    return new TlsClientConfig(common, to.plaintext(), false, "");
  }
}
