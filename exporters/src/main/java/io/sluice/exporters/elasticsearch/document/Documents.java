package io.sluice.exporters.elasticsearch.document;

import io.sluice.data.Batch;
import io.sluice.data.Fields;
import io.sluice.data.LogCursor;
import io.sluice.data.ResourceCursor;
import io.sluice.data.ScopeCursor;
import io.sluice.data.Signal;
import io.sluice.data.SpanCursor;
import io.sluice.wire.Bytes;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Moves over the documents of a batch, which are the same and in the same order each time. Reused with
/// [#begin]; confined to one thread.
///
/// A span has a document of its own and, by mode, one for each of its events; points share documents.
public final class Documents {
  /// Items looked at in one step, of which there may be no document.
  static final int ITEMS_AT_ONCE = 1000;

  /// With a longer one a server refuses the whole request.
  private static final int ID_BYTES_MAX = 512;

  /// Request metadata that asks for a mapping mode.
  public static final String MODE_HEADER = "x-elastic-mapping-mode";

  private final Rules rules;
  private final InstantSource clock;
  private final Router router;
  private final Values values = new Values();
  private final Map<Mode, Shape> shapes = new EnumMap<>(Mode.class);
  private final ContentIds ids = new ContentIds();
  private final ResourceCursor resources = new ResourceCursor();
  private final Surroundings around = new Surroundings();
  private final AttributeList attributes = new AttributeList();
  private final AttributeList ofEvent = new AttributeList();
  private final Fields record = new Fields();
  private final Fields event = new Fields();
  private Rejects rejects = new Rejects();
  private MetricGroups groups;
  private Batch batch = Batch.of(Signal.LOGS, io.sluice.wire.Rope.EMPTY, 0);
  private @Nullable ScopeCursor scopes;
  private @Nullable LogCursor logs;
  private @Nullable SpanCursor spans;
  private String asked = "";
  private Bytes message = Bytes.EMPTY;
  private List<Bytes> events = List.of();

  /// Of the event or group that is next.
  private int part;

  private boolean onEvent;

  /// Why there are no documents for this scope; empty if there are.
  private String wrong = "";

  private int item;
  private int number;
  private boolean templates;

  public Documents(Rules rules, InstantSource clock) {
    this.rules = rules;
    this.clock = clock;
    templates = rules.templates();
    router = new Router(rules);
    groups = new MetricGroups(router, rejects);
  }

  /// @param rejects is told of items for which there is no document
  public void begin(Batch next, Rejects rejects) {
    this.rejects = rejects;
    batch = next;
    groups = new MetricGroups(router, rejects);
    resources.over(next.otlp());
    scopes = null;
    leaveScope();
    asked = next.origin().metadata().getOrDefault(MODE_HEADER, List.of("")).getFirst();
    item = -1;
    number = -1;
  }

  private void leaveScope() {
    logs = null;
    spans = null;
    events = List.of();
    part = 0;
    onEvent = false;
    wrong = "";
    groups.clear();
  }

  /// Whether fields of metrics are given their type by the name of a dynamic template, where the rules want it.
  public void templates(boolean wanted) {
    templates = wanted && rules.templates();
  }

  /// How often the data named an index that it may not have.
  public long confined() {
    return router.confined();
  }

  /// The number of the document, from 0.
  public int number() {
    return number;
  }

  /// Adds the items that the document is of.
  public void items(BitSet into) {
    if (batch.signal() == Signal.METRICS) {
      groups.inOrder().get(part - 1).points().forEach(point -> into.set(point.item()));
    } else {
      into.set(item);
    }
  }

  public Step next() {
    int left = ITEMS_AT_ONCE;
    while (true) {
      left -= prepare(left);
      if (left <= 0) {
        return Step.PAUSE;
      }
      if (nextInScope()) {
        number++;
        return Step.DOCUMENT;
      }
      if (!nextScope()) {
        return Step.END;
      }
      left--; // scopes may be empty
    }
  }

  /// Looks at what comes before the documents of a scope.
  ///
  /// @return at how many items; if there are more, at as many as wanted
  private int prepare(int most) {
    if (batch.signal() == Signal.METRICS) {
      int looked = groups.fill(most);
      item = groups.lastItem();
      return looked;
    }
    int rejected = 0;
    while (!wrong.isEmpty() && rejected < most) {
      if (nextRecord()) {
        rejects.add(++item, wrong);
        rejected++;
      } else {
        wrong = "";
      }
    }
    return rejected;
  }

  private boolean nextInScope() {
    if (batch.signal() == Signal.METRICS) {
      return part < groups.inOrder().size() && ++part > 0;
    }
    if (part < events.size()) {
      message = events.get(part++);
      onEvent = true;
      return true;
    }
    onEvent = false;
    if (!nextRecord()) {
      return false;
    }
    item++;
    part = 0;
    record.over(message);
    boolean split = batch.signal() == Signal.TRACES && shape().splitsEvents();
    events = split ? record.all(11) : List.of();
    return true;
  }

  private boolean nextRecord() {
    if (logs != null && logs.next()) {
      message = logs.log();
      return true;
    }
    if (spans != null && spans.next()) {
      message = spans.span();
      return true;
    }
    return false;
  }

  private boolean nextScope() {
    leaveScope();
    while (scopes == null || !scopes.next()) {
      if (!resources.next()) {
        return false;
      }
      around.resource(resources);
      scopes = resources.scopes();
    }
    around.scope(scopes);
    wrong = chooseMode();
    switch (batch.signal()) {
      case LOGS -> logs = scopes.logs();
      case TRACES -> spans = scopes.spans();
      case METRICS -> groups.begin(scopes, around, wrong);
      case PROFILES -> throw new IllegalArgumentException("profiles have no documents");
    }
    return true;
  }

  /// @return why there are no documents for this scope; empty if there are
  private String chooseMode() {
    var wanted = around.scope.text(Keys.MODE);
    wanted = wanted.isEmpty() ? asked : wanted;
    var mode = wanted.isEmpty() ? rules.standard() : Mode.of(wanted).orElse(null);
    if (mode == null || (!wanted.isEmpty() && !rules.allowed().contains(mode))) {
      return "mapping mode '"
          + shown(wanted)
          + "' (expected: one of "
          + new TreeSet<>(rules.allowed())
          + ")";
    }
    around.mode(mode);
    return mode.carries(batch.signal())
        ? ""
        : "mapping mode " + mode + " is not for " + batch.signal();
  }

  private static String shown(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40);
  }

  private Shape shape() {
    return shapes.computeIfAbsent(
        around.mode(),
        mode ->
            switch (mode) {
              case OTEL -> new OtelShape(values, clock);
              case ECS, NONE, RAW -> new FlatShape(mode, values, clock);
              case BODYMAP -> new BodymapShape(values);
            });
  }

  /// Writes the document as two lines of a bulk request.
  ///
  /// @return false if there is none, and nothing was written
  public boolean write(Json json) {
    int from = json.size();
    try {
      switch (batch.signal()) {
        case LOGS -> log(json);
        case TRACES -> span(json);
        case METRICS -> metrics(json);
        case PROFILES -> throw new IllegalArgumentException("profiles have no documents");
      }
      json.newLine();
      return true;
    } catch (Unwritable e) {
      json.cut(from);
      var items = new BitSet();
      items(items);
      rejects.add(items, e.reason());
      return false;
    }
  }

  private void log(Json json) {
    attributes.over(message, 6);
    var route = router.route(Signal.LOGS, attributes, around);
    var id = id(Signal.LOGS, attributes, message, Bytes.EMPTY);
    action(json, route, id, rules.ownPipelines() ? attributes.text(Keys.PIPELINE) : "", Map.of());
    shape().log(json, record, attributes, around, route);
  }

  private void span(Json json) {
    if (onEvent) {
      event.over(message);
      ofEvent.over(message, 3);
      var route = router.route(Signal.LOGS, ofEvent, around);
      var id = rules.contentIds() ? id(record.bytes(2), message) : "";
      action(json, route, id, "", Map.of());
      shape().event(json, record, event, ofEvent, around, route);
    } else {
      attributes.over(message, 9);
      var route = router.route(Signal.TRACES, attributes, around);
      action(json, route, id(Signal.TRACES, attributes, message, Bytes.EMPTY), "", Map.of());
      shape().span(json, record, attributes, around, route);
    }
  }

  private void metrics(Json json) {
    var group = groups.inOrder().get(part - 1);
    var first = group.points().getFirst();
    attributes.over(first.message(), first.metric().attributesField());
    var document = new Json();
    var ofFields = shape().metrics(document, group.points(), attributes, around, group.route());
    action(json, group.route(), idOf(group), "", templates ? ofFields : Map.of());
    json.fields(document.view());
  }

  private String id(Signal signal, AttributeList of, Bytes content, Bytes besides) {
    if (rules.ownIds().contains(signal)) {
      var own = of.text(Keys.DOCUMENT_ID);
      if (!own.isEmpty()) {
        return fitting(own);
      }
    }
    return rules.contentIds() ? id(besides, content) : "";
  }

  private static String fitting(String id) {
    int bytes = Bytes.utf8(id).length();
    if (bytes > ID_BYTES_MAX) {
      throw new Unwritable(
          "elasticsearch.document_id of " + bytes + " bytes (expected: <= " + ID_BYTES_MAX + ")");
    }
    return id;
  }

  private String id(Bytes besides, Bytes content) {
    return ids.of(around).add(besides).add(content).id();
  }

  private String idOf(MetricGroups.Group group) {
    if (!rules.contentIds() || inTimeSeries()) {
      return "";
    }
    ids.of(around);
    for (var point : group.points()) {
      ids.add(point.metric().name()).add(point.message());
    }
    return ids.id();
  }

  /// An index of time series makes ids of its own, and refuses documents that bring one.
  private boolean inTimeSeries() {
    return rules.templates() && around.mode() == Mode.OTEL;
  }

  private void action(
      Json json, Route route, String id, String pipeline, Map<String, String> templates) {
    json.open().key(rules.action()).open().key("_index");
    if (rules.suffix().isPresent()) {
      json.text(route.index() + rules.suffix().get().at(clock.instant()));
    } else {
      json.text(route.indexUtf8());
    }
    if (!id.isEmpty()) {
      json.key("_id").text(id);
    }
    if (!pipeline.isEmpty()) {
      json.key("pipeline").text(pipeline);
    }
    if (!templates.isEmpty()) {
      json.key("dynamic_templates").open();
      templates.forEach((field, template) -> json.key(Bytes.utf8(field)).text(template));
      json.close();
    }
    json.close().close();
    json.newLine();
  }
}
