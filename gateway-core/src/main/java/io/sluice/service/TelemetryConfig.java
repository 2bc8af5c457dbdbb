package io.sluice.service;

import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.Findings;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `service::telemetry`.
///
/// @param resource as written, in either of the Collector's two shapes; see [#resourceAttributes]
public record TelemetryConfig(
    @Doc("The gateway's own log.") LogsConfig logs,
    @Doc("The gateway's own metrics.") MetricsConfig metrics,
    @Doc("The gateway's own spans.") TracesConfig traces,
    @Doc(
            "Attributes of the gateway's own telemetry: either `attributes`, a list of name and value, or the attributes themselves as keys. A key without value takes an automatic attribute away.")
        Map<String, Optional<Object>> resource)
    implements Checked {
  private static final String ATTRIBUTES = "attributes";
  private static final List<String> DECLARATIVE =
      List.of(ATTRIBUTES, "schema_url", "detection/development");

  public TelemetryConfig {
    resource = Collections.unmodifiableMap(new LinkedHashMap<>(resource));
  }

  public static TelemetryConfig defaults() {
    return new TelemetryConfig(
        LogsConfig.defaults(), MetricsConfig.defaults(), TracesConfig.defaults(), Map.of());
  }

  /// Attributes the user wants on the gateway's own telemetry; empty to take an automatic one away.
  public Map<String, Optional<Object>> resourceAttributes() {
    var attributes = new LinkedHashMap<String, Optional<Object>>();
    if (isDeclarative()) {
      declared()
          .forEach(item ->
              attributes.put(
                  String.valueOf(item.get("name")), Optional.ofNullable(item.get("value"))));
    } else {
      attributes.putAll(resource);
    }
    return attributes;
  }

  private boolean isDeclarative() {
    return resource
        .getOrDefault(ATTRIBUTES, Optional.empty())
        .filter(List.class::isInstance)
        .isPresent();
  }

  private List<Map<?, ?>> declared() {
    return resource.getOrDefault(ATTRIBUTES, Optional.empty()).stream()
        .filter(List.class::isInstance)
        .flatMap(list -> ((List<?>) list).stream())
        .<Map<?, ?>>map(item -> item instanceof Map<?, ?> map ? map : Map.of())
        .toList();
  }

  @Override
  public void check(Findings findings) {
    findings.require(
        !resource.containsKey("attributes_list"),
        "resource::attributes_list",
        "not supported (expected: attributes)");
    if (isDeclarative()) {
      resource.keySet().stream()
          .filter(key -> !DECLARATIVE.contains(key))
          .forEach(key ->
              findings.error(
                  "resource::" + key,
                  "a plain attribute beside 'attributes' (expected: one shape)"));
      findings.require(
          declared().stream().allMatch(item -> item.get("name") instanceof String),
          "resource::" + ATTRIBUTES,
          "an item without name (expected: name and value in each)");
    }
  }
}
