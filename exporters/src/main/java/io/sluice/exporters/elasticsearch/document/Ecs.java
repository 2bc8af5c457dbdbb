package io.sluice.exporters.elasticsearch.document;

import static java.util.Map.entry;

import io.sluice.data.Fields;
import io.sluice.wire.Bytes;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Fills a table with the fields of the Elastic Common Schema that the semantic conventions correspond to.
/// What has no counterpart keeps its name. Confined to one thread.
final class Ecs {
  private static final List<String> KINDS =
      List.of("", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER");

  /// Empty: it becomes a part of something else.
  private static final Map<Bytes, String> RESOURCE =
      table(
          entry("service.instance.id", "service.node.name"),
          entry("deployment.environment", "service.environment"),
          entry("deployment.environment.name", "service.environment"),
          entry("telemetry.sdk.name", ""),
          entry("telemetry.sdk.language", ""),
          entry("telemetry.sdk.version", ""),
          entry("telemetry.distro.name", ""),
          entry("telemetry.distro.version", ""),
          entry("cloud.platform", "cloud.service.name"),
          entry("container.image.tags", "container.image.tag"),
          entry("host.name", "host.hostname"),
          entry("host.arch", "host.architecture"),
          entry("process.executable.path", "process.executable"),
          entry("process.runtime.name", "service.runtime.name"),
          entry("process.runtime.version", "service.runtime.version"),
          entry("os.name", "host.os.name"),
          entry("os.type", "host.os.platform"),
          entry("os.description", "host.os.full"),
          entry("os.version", "host.os.version"),
          entry("k8s.cluster.name", "orchestrator.cluster.name"),
          entry("k8s.container.name", "kubernetes.container.name"),
          entry("k8s.cronjob.name", "kubernetes.cronjob.name"),
          entry("k8s.daemonset.name", "kubernetes.daemonset.name"),
          entry("k8s.deployment.name", "kubernetes.deployment.name"),
          entry("k8s.job.name", "kubernetes.job.name"),
          entry("k8s.namespace.name", "kubernetes.namespace"),
          entry("k8s.node.name", "kubernetes.node.name"),
          entry("k8s.pod.name", "kubernetes.pod.name"),
          entry("k8s.pod.uid", "kubernetes.pod.uid"),
          entry("k8s.replicaset.name", "kubernetes.replicaset.name"),
          entry("k8s.statefulset.name", "kubernetes.statefulset.name"));

  /// These keep their own name too.
  private static final Set<Bytes> PRESERVED = Set.of(Bytes.utf8("host.name"));

  private static final Map<Bytes, String> EVENT =
      table(
          entry("event.name", "event.action"),
          entry("exception.message", "error.message"),
          entry("exception.stacktrace", "error.stack_trace"),
          entry("exception.type", "error.type"),
          entry("exception.escaped", "event.error.exception.handled"),
          entry("http.response.body.size", "http.response.encoded_body_size"));

  private static final Map<Bytes, String> SPAN = span("span");

  /// Of spans that say that they are one for Elastic.
  private static final Map<Bytes, String> TRANSACTION = span("transaction");

  private static final Bytes PROCESSOR_EVENT = Bytes.utf8("processor.event");

  private final FieldTable table;

  Ecs(FieldTable table) {
    this.table = table;
  }

  @SafeVarargs
  private static Map<Bytes, String> table(Map.Entry<String, String>... entries) {
    var table = new java.util.HashMap<Bytes, String>();
    for (var each : entries) {
      table.put(Bytes.utf8(each.getKey()), each.getValue());
    }
    return Map.copyOf(table);
  }

  private static Map<Bytes, String> span(String kind) {
    return table(
        entry("db.system", "span.db.type"),
        entry("db.namespace", "span.db.instance"),
        entry("db.query.text", "span.db.statement"),
        entry("messaging.operation.name", "span.action"),
        entry("messaging.destination.name", kind + ".message.queue.name"),
        entry("http.response.body.size", "http.response.encoded_body_size"));
  }

  void log(Fields log, AttributeList attributes, Surroundings around) {
    around(around);
    attributes(attributes, EVENT);
    table.text("event.action", log.bytes(12));
    table.id("trace.id", log.bytes(9));
    table.id("span.id", log.bytes(10));
    if (log.varint(2) != 0) {
      table.number("event.severity", log.varint(2));
    }
    table.text("log.level", log.bytes(3));
    var body = log.message(5);
    if (Values.isMap(body)) {
      table.value("body", body);
    } else {
      table.text("message", Values.text(body));
    }
  }

  void span(Fields span, long status, AttributeList attributes, Surroundings around) {
    around(around);
    boolean transaction = attributes.text(PROCESSOR_EVENT).equals("transaction");
    attributes(attributes, transaction ? TRANSACTION : SPAN);
    table.id("trace.id", span.bytes(1));
    table.id("span.id", span.bytes(2));
    table.id("parent.id", span.bytes(4));
    table.text("span.name", span.bytes(5));
    table.text("span.kind", OtelShape.word(KINDS, span.varint(6)));
    table.number("span.duration.us", Math.max(0, span.fixed64(8) - span.fixed64(7)) / 1000);
    table.text("event.outcome", status == 2 ? "failure" : status == 1 ? "success" : "unknown");
    if (span.has(13)) {
      table.put("span.links", json -> links(json, span.all(13)));
    }
  }

  private static void links(Json json, List<Bytes> links) {
    json.openList();
    for (var link : links) {
      var fields = Fields.of(link);
      json.open().key("trace").open().key("id").hex(fields.bytes(1));
      json.close().key("span").open().key("id").hex(fields.bytes(2));
      json.close().close();
    }
    json.closeList();
  }

  void event(Fields span, Bytes name, AttributeList attributes, Surroundings around) {
    around(around);
    attributes(attributes, EVENT);
    table.text("event.action", name);
    table.id("trace.id", span.bytes(1));
    table.id("span.id", span.bytes(2));
  }

  void metrics(AttributeList attributes, Surroundings around) {
    around(around);
    table.attributes("", attributes);
  }

  private void around(Surroundings around) {
    attributes(around.resource, RESOURCE);
    agent(around.resource);
    operatingSystem(around.resource);
    table.attributes("", around.scope);
  }

  private void attributes(AttributeList attributes, Map<Bytes, String> names) {
    for (int i = 0; i < attributes.size(); i++) {
      var key = attributes.key(i);
      var name = names.get(key);
      if (name != null && !name.isEmpty()) {
        table.value(name, attributes.value(i));
      }
      if (!Keys.reserved(key) && (name == null || PRESERVED.contains(key))) {
        table.value(key.utf8(), attributes.value(i));
      }
    }
  }

  private void agent(AttributeList resource) {
    var sdk = text(resource, "telemetry.sdk.name");
    var language = text(resource, "telemetry.sdk.language");
    var distribution = text(resource, "telemetry.distro.name");
    var name = sdk.isEmpty() ? "otlp" : sdk;
    if (!distribution.isEmpty()) {
      name += "/" + (language.isEmpty() ? "unknown" : language) + "/" + distribution;
    } else if (!language.isEmpty()) {
      name += "/" + language;
    }
    table.text("agent.name", name);
    var version = text(resource, "telemetry.distro.version");
    table.text(
        "agent.version", version.isEmpty() ? text(resource, "telemetry.sdk.version") : version);
  }

  /// In the words that the schema allows.
  private void operatingSystem(AttributeList resource) {
    var type =
        switch (text(resource, "os.name")) {
          case "Android" -> "android";
          case "iOS" -> "ios";
          default ->
              switch (text(resource, "os.type")) {
                case "windows" -> "windows";
                case "linux" -> "linux";
                case "darwin" -> "macos";
                case "aix", "hpux", "solaris" -> "unix";
                default -> "";
              };
        };
    table.text("host.os.type", type);
  }

  private static String text(AttributeList attributes, String key) {
    return attributes.text(Bytes.utf8(key));
  }
}
