package io.sluice.exporters.elasticsearch;

import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.Findings;
import io.sluice.component.Squash;
import io.sluice.exporters.elasticsearch.document.Mode;
import io.sluice.transport.http.HttpClientConfig;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// `opensearch`: what `elasticsearch` has, and what the Collector's exporter of that name has besides.
public record OpensearchConfig(
    @Squash BulkConfig bulk,
    @Doc("The HTTP settings in a section of their own; those beside it do not count then.")
        Optional<HttpClientConfig> http,
    @Doc("Dataset of what says none itself.") String dataset,
    @Doc("Namespace of what says none itself.") String namespace,
    @Doc("create, or index to replace what has the same id; data streams need create.")
        Action bulkAction)
    implements Checked {
  /// What is asked for with each document.
  public enum Action {
    CREATE,
    INDEX;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public static OpensearchConfig defaults() {
    return new OpensearchConfig(
        BulkConfig.defaults(), Optional.empty(), "generic", "default", Action.CREATE);
  }

  BulkConfig effective() {
    return http.map(section -> bulk.with(section)).orElse(bulk);
  }

  Dialect dialect() {
    return new Dialect(
        Set.of(),
        Mode.of(bulk.mapping().mode()).orElse(Mode.OTEL),
        dataset,
        namespace,
        bulkAction.toString());
  }

  @Override
  public void check(Findings findings) {
    var mode = bulk.mapping().mode();
    findings.require(
        mode.isEmpty() || Mode.of(mode).isPresent(),
        "mapping::mode",
        "'" + mode + "' (expected: otel, ecs, none, raw or bodymap)");
    if (http.isPresent()) {
      var place = http.get().endpoint();
      findings.require(
          List.of("http", "https").contains(scheme(place)),
          "http::endpoint",
          "'" + place + "' (expected: http:// or https:// with a host)");
    }
    findings.require(
        !effective().places(Map.of()).isEmpty(),
        "endpoint",
        "missing (expected: endpoint, endpoints or http::endpoint)");
  }

  private static String scheme(String place) {
    int colon = place.indexOf("://");
    return colon < 0 ? "" : place.substring(0, colon);
  }
}
