package io.sluice.exporters.elasticsearch.document;

import io.sluice.data.Fields;
import io.sluice.data.ResourceCursor;
import io.sluice.data.ScopeCursor;
import io.sluice.data.Signal;
import io.sluice.wire.Bytes;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The resource and scope that items stand in, with what is made of them once for all these items. Reused;
/// confined to one thread.
final class Surroundings {
  final AttributeList resource = new AttributeList();
  final AttributeList scope = new AttributeList();
  private final Fields resourceFields = new Fields();
  private final Fields scopeFields = new Fields();
  private Bytes resourceMessage = Bytes.EMPTY;
  private Bytes scopeMessage = Bytes.EMPTY;
  private String resourceSchema = "";
  private String scopeSchema = "";
  private Mode mode = Mode.OTEL;

  /// As [OtelShape] writes them; null until it does.
  @Nullable Bytes written;

  /// Of what says nothing itself, as far as it was asked for.
  final Map<Signal, Route> routes = new EnumMap<>(Signal.class);

  void resource(ResourceCursor cursor) {
    resourceMessage = cursor.resource();
    resourceSchema = cursor.schemaUrl();
    resource.over(resourceMessage, 1);
    resourceFields.over(resourceMessage);
  }

  void scope(ScopeCursor cursor) {
    scopeMessage = cursor.scope();
    scopeSchema = cursor.schemaUrl();
    scope.over(scopeMessage, 3);
    scopeFields.over(scopeMessage);
    written = null;
    routes.clear();
  }

  /// What documents of this scope look like.
  Mode mode() {
    return mode;
  }

  void mode(Mode mode) {
    this.mode = mode;
  }

  Bytes resourceMessage() {
    return resourceMessage;
  }

  Bytes scopeMessage() {
    return scopeMessage;
  }

  String resourceSchema() {
    return resourceSchema;
  }

  String scopeSchema() {
    return scopeSchema;
  }

  long resourceDropped() {
    return resourceFields.varint(2);
  }

  Bytes scopeName() {
    return scopeFields.bytes(1);
  }

  Bytes scopeVersion() {
    return scopeFields.bytes(2);
  }

  long scopeDropped() {
    return scopeFields.varint(4);
  }
}
