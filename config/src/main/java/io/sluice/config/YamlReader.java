package io.sluice.config;

import io.sluice.config.Tree.Entry;
import io.sluice.config.Tree.Mapping;
import io.sluice.config.Tree.Scalar;
import io.sluice.config.Tree.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Reads one YAML document into a [Tree], by events, so that nothing is built before its depth and size
/// are known to be in bounds. Whatever the text, the result is a tree or a [YamlException].
///
/// Merge keys (`<<`) are resolved here; a key twice in one mapping is refused, both places named.
final class YamlReader {
  static final int DEPTH_MAX = 100;
  static final int NODES_MAX = 200_000;
  static final int CODE_POINTS_MAX = 8 << 20;
  private static final String TAG = "tag:yaml.org,2002:";
  private static final String MERGE = "<<";

  private final Places places;
  private final Iterator<Event> events;
  private final Map<String, Tree> anchors = new HashMap<>();
  private final Set<String> open = new HashSet<>();
  private int depth;
  private long nodes;

  private YamlReader(Places places, String text) {
    this.places = places;
    var settings = LoadSettings.builder().setCodePointLimit(CODE_POINTS_MAX).build();
    events = new Parse(settings).parseString(text).iterator();
  }

  /// Where the values of one text stand.
  @FunctionalInterface
  interface Places {
    /// Lines and columns of the text itself.
    static Places in(int order, String source) {
      return mark ->
          mark.map(m -> new Place(order, source, m.getLine() + 1, m.getColumn() + 1))
              .orElseGet(() -> Place.of(order, source));
    }

    /// All at one place: where the text was referred to.
    static Places at(Place place) {
      return _ -> place;
    }

    Place of(Optional<Mark> mark);
  }

  /// A text that is no YAML, or more of it than we take.
  static final class YamlException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Problem problem;

    YamlException(Problem problem) {
      super(problem.what());
      this.problem = problem;
    }

    Problem problem() {
      return problem;
    }
  }

  /// The first document; an empty text is null. What follows it is not looked at.
  static Tree read(Places places, String text) {
    return read(places, text, Optional.empty());
  }

  /// The only document.
  ///
  /// @param more told of a second one, if there is one
  static Tree readAll(Places places, String text, Consumer<Place> more) {
    return read(places, text, Optional.of(more));
  }

  private static Tree read(Places places, String text, Optional<Consumer<Place>> more) {
    if (text.length() > CODE_POINTS_MAX) {
      throw refused(
          places.of(Optional.empty()),
          "more than " + CODE_POINTS_MAX + " characters (expected: at most that)");
    }
    try {
      var reader = new YamlReader(places, text);
      var tree = reader.document();
      more.ifPresent(reader::rest);
      return tree;
    } catch (MarkedYamlEngineException e) {
      throw refused(places.of(e.getProblemMark()), syntax(e));
    } catch (YamlEngineException e) {
      throw refused(places.of(Optional.empty()), "no YAML: " + oneLine(e.getMessage()));
    } catch (YamlException e) {
      throw e;
    } catch (RuntimeException e) {
      // The parser has bugs of its own on odd texts; they must not look like ours.
      throw refused(places.of(Optional.empty()), "no YAML: the parser failed with " + e);
    }
  }

  private static String syntax(MarkedYamlEngineException e) {
    var context = e.getContext();
    return "no YAML: " + (context == null ? "" : oneLine(context) + ", ") + oneLine(e.getProblem());
  }

  private static String oneLine(@Nullable String text) {
    return text == null ? "" : text.replaceAll("\\s+", " ").strip();
  }

  private Tree document() {
    events.next(); // stream start
    if (events.next().getEventId() == Event.ID.StreamEnd) {
      return new Scalar(places.of(Optional.empty()), null, null);
    }
    return node(events.next());
  }

  private void rest(Consumer<Place> more) {
    while (events.hasNext()) {
      var event = events.next();
      if (event.getEventId() == Event.ID.DocumentStart) {
        more.accept(place(event));
        return;
      }
    }
  }

  private Tree node(Event event) {
    if (event instanceof AliasEvent alias) {
      return aliased(alias);
    }
    var anchor = ((NodeEvent) event).getAnchor().map(Object::toString);
    anchor.ifPresent(open::add);
    var tree =
        switch (event) {
          case ScalarEvent scalar -> scalar(scalar);
          case SequenceStartEvent sequence -> nested(sequence, this::sequence);
          case MappingStartEvent mapping -> nested(mapping, this::mapping);
          default -> throw refused(place(event), "no YAML: unexpected " + event.getEventId());
        };
    anchor.ifPresent(name -> {
      open.remove(name);
      anchors.put(name, tree);
    });
    count(1, event);
    return tree;
  }

  private void count(int more, Event event) {
    nodes += more;
    if (nodes > NODES_MAX) {
      throw refused(place(event), "more than " + NODES_MAX + " values, aliases counted in full");
    }
  }

  private Tree aliased(AliasEvent alias) {
    var name = alias.getAlias().toString();
    if (open.contains(name)) {
      throw refused(place(alias), "the alias *" + name + " stands inside its own anchor");
    }
    var tree = anchors.get(name);
    if (tree == null) {
      throw refused(place(alias), "the alias *" + name + " has no anchor before it");
    }
    count(tree.size(), alias);
    return tree;
  }

  private interface Body<E> {
    Tree read(E start);
  }

  private <E extends CollectionStartEvent> Tree nested(E start, Body<E> body) {
    if (++depth > DEPTH_MAX) {
      throw refused(place(start), "nested more than " + DEPTH_MAX + " deep");
    }
    var tree = body.read(start);
    depth--;
    return tree;
  }

  private Tree sequence(SequenceStartEvent start) {
    checkTag(start, "seq");
    var items = new ArrayList<Tree>();
    for (var next = events.next();
        next.getEventId() != Event.ID.SequenceEnd;
        next = events.next()) {
      items.add(node(next));
    }
    return new Sequence(place(start), items, null);
  }

  private Tree mapping(MappingStartEvent start) {
    checkTag(start, "map");
    var written = new LinkedHashMap<String, Entry>();
    var merged = new ArrayList<Mapping>();
    for (var next = events.next(); next.getEventId() != Event.ID.MappingEnd; next = events.next()) {
      var key = key(next);
      var value = node(events.next());
      if (key.equals(MERGE) && next instanceof ScalarEvent scalar && scalar.isPlain()) {
        merged.addAll(mergeable(value));
      } else {
        put(written, key, new Entry(place(next), value));
      }
    }
    for (var each : merged) {
      each.entries().forEach(written::putIfAbsent);
    }
    return new Mapping(place(start), written, null);
  }

  private static void put(Map<String, Entry> written, String key, Entry entry) {
    var before = written.putIfAbsent(key, entry);
    if (before != null) {
      throw refused(
          entry.keyPlace(),
          "the key '" + key + "' stands twice (also at " + before.keyPlace() + ")");
    }
  }

  private String key(Event event) {
    var key = node(event);
    if (key instanceof Scalar scalar && scalar.value() != null) {
      return event instanceof ScalarEvent written
          ? written.getValue()
          : String.valueOf(scalar.value());
    }
    throw refused(key.place(), key.described() + " as a key (expected: a text)");
  }

  private static List<Mapping> mergeable(Tree value) {
    return switch (value) {
      case Mapping mapping -> List.of(mapping);
      case Sequence sequence ->
          sequence.items().stream().flatMap(item -> mergeable(item).stream()).toList();
      case Scalar scalar ->
          throw refused(
              scalar.place(), "<<: " + scalar.described() + " (expected: a mapping to merge)");
    };
  }

  private Tree scalar(ScalarEvent event) {
    var text = event.getValue();
    var value =
        switch (event.getTag().orElse("")) {
          case "" -> event.isPlain() ? GoScalar.value(text) : text;
          case "!", TAG + "str" -> text;
          case TAG + "null" -> null;
          case TAG + "int", TAG + "float", TAG + "bool" -> GoScalar.value(text);
          default -> throw unknownTag(event, event.getTag());
        };
    return new Scalar(place(event), value, null);
  }

  private void checkTag(CollectionStartEvent event, String expected) {
    var tag = event.getTag().orElse("!");
    if (!tag.equals("!") && !tag.equals(TAG + expected)) {
      throw unknownTag(event, event.getTag());
    }
  }

  private YamlException unknownTag(Event event, Optional<String> tag) {
    return refused(place(event), "the tag " + tag.orElse("!") + " (expected: none)");
  }

  private Place place(Event event) {
    return places.of(event.getStartMark());
  }

  private static YamlException refused(Place place, String what) {
    return new YamlException(new Problem(place, "", what));
  }
}
