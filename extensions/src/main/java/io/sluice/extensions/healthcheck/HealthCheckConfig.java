package io.sluice.extensions.healthcheck;

import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.EmptyIsOff;
import io.sluice.component.Findings;
import io.sluice.component.Ignored;
import io.sluice.component.Squash;
import io.sluice.component.Unsupported;
import io.sluice.transport.http.HttpServerConfig;
import java.util.Optional;

/// `extensions::health_check`.
public record HealthCheckConfig(
    @Doc("Settings of the HTTP server.") @Squash HttpServerConfig server,
    @Doc("The path that answers.") String path,
    @Doc("Bodies instead of the JSON status.") @EmptyIsOff Optional<ResponseBody> responseBody,
    @Doc("Without effect.")
        @Ignored("the Collector ignores it too; /status tells how each component is")
        PipelineCheck checkCollectorPipeline,
    @Doc("Answer as healthcheckv2.")
        @Unsupported("healthcheckv2 is yet to come; /status tells how each component is")
        boolean useV2,
    @Doc("gRPC service of healthcheckv2.")
        @Unsupported("healthcheckv2 is yet to come; /status tells how each component is")
        Optional<Object> grpc,
    @Doc("HTTP service of healthcheckv2.")
        @Unsupported("healthcheckv2 is yet to come; /status tells how each component is")
        Optional<Object> http,
    @Doc("What healthcheckv2 counts as healthy.")
        @Unsupported("healthcheckv2 is yet to come; /status tells how each component is")
        Optional<Object> componentHealth)
    implements Checked {
  private static final String ENDPOINT = "localhost:13133";

  /// `response_body`.
  public record ResponseBody(
      @Doc("Body while data is taken.") String healthy,
      @Doc("Body before that and after.") String unhealthy) {
    public static ResponseBody defaults() {
      return new ResponseBody("", "");
    }
  }

  /// `check_collector_pipeline`.
  public record PipelineCheck(
      @Doc("Without effect.") boolean enabled,
      @Doc("Without effect.") String interval,
      @Doc("Without effect.") int exporterFailureThreshold) {
    public static PipelineCheck defaults() {
      return new PipelineCheck(false, "5m", 5);
    }
  }

  public static HealthCheckConfig defaults() {
    return new HealthCheckConfig(
        HttpServerConfig.defaults().at(ENDPOINT),
        "/",
        Optional.empty(),
        PipelineCheck.defaults(),
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  @Override
  public void check(Findings findings) {
    findings.require(path.startsWith("/"), "path", "'" + path + "' (expected: to start with /)");
  }
}
