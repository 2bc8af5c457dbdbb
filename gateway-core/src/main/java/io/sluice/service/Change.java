package io.sluice.service;

import io.sluice.disk.Storage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// From one graph to the next.
///
///  1. Storages at places that nobody has, new exporters and new stages start.
///  2. Extensions and receivers that are gone hand their addresses over, or make room; new ones start, and
///     feed what was fed before.
///  3. Storages with new settings at a place that another has take it over. Nobody can have it at the same
///     time as the other, so this comes last of what may fail.
///  4. All receivers lead to the next graph. Nothing fails any more.
///  5. What is no longer needed delivers what it holds, and stops.
///
/// Up to 4 nobody has given the next graph anything: a change that fails leaves nothing behind in queues
/// that are not there afterwards. The graph before goes on then; of what it had lost already, it is given new
/// instances.
final class Change {
  private final Environment environment;
  private final StatusBoard board;
  private final Graph old;
  private final Graph next;

  /// Back to where it came from: what does not start is left out.
  private final boolean back;

  private final List<ExportNode> newExporters;

  /// Those of the next graph whose start was asked for.
  private final List<Part> begun = new ArrayList<>();

  /// Those that still run though their successors do.
  private final List<Part> succeeded = new ArrayList<>();

  /// Those that had to go first.
  private final List<Part> gone = new ArrayList<>();

  /// Of earlier changes, at places that the next graph has again.
  private final List<Leaving> before;

  private final List<Leaving> leaving;

  /// @param before who still delivers what was left at an earlier change
  Change(Environment environment, StatusBoard board, Graph old, Graph next, List<Leaving> before) {
    this(environment, board, old, next, before, false);
  }

  private Change(
      Environment environment,
      StatusBoard board,
      Graph old,
      Graph next,
      List<Leaving> before,
      boolean back) {
    this.environment = environment;
    this.board = board;
    this.old = old;
    this.next = next;
    this.back = back;
    newExporters = replaced(old.exporters(), next.exporters());
    this.before =
        before.stream()
            .filter(each -> places(next.extensions().values()).contains(each.place()))
            .toList();
    leaving =
        storages(added(next.extensions(), old.extensions()))
            .filter(part -> !places(next.extensions().values()).contains(place(part)))
            .map(part -> new Leaving(part, (Storage) part.component(), exportersAt(part)))
            .toList();
  }

  private List<ExportNode> exportersAt(Part storage) {
    return replaced(next.exporters(), old.exporters()).stream()
        .filter(node -> Plan.storageOf(node.part()).filter(storage.id()::equals).isPresent())
        .toList();
  }

  /// What is in the second and not in the first.
  private static <K, V> List<V> added(Map<K, V> before, Map<K, V> after) {
    return after.entrySet().stream()
        .filter(entry -> !before.containsKey(entry.getKey()))
        .map(Map.Entry::getValue)
        .toList();
  }

  /// What is in the second and is not the very same in the first: an exporter may be another one though
  /// its own part is equal.
  private static <K, V> List<V> replaced(Map<K, V> before, Map<K, V> after) {
    return after.entrySet().stream()
        .filter(entry -> !entry.getValue().equals(before.get(entry.getKey())))
        .map(Map.Entry::getValue)
        .toList();
  }

  private static boolean isStorage(Part part) {
    return part.component() instanceof Storage;
  }

  private static Stream<Part> storages(Collection<Part> parts) {
    return parts.stream().filter(Change::isStorage);
  }

  private static String place(Part part) {
    return part.component() instanceof Storage storage ? storage.place() : "";
  }

  private static Set<String> places(Collection<Part> parts) {
    return storages(parts).map(Change::place).collect(Collectors.toSet());
  }

  /// The storages that deliver the rest of what they have; they are not in the next graph.
  List<Leaving> leaving() {
    return leaving;
  }

  /// Completes with the graph that runs now: the next one, or with the reason why it does not.
  Future<Result> run() {
    return check()
        .recover(cause -> undo().transform(_ -> Future.failedFuture(cause)))
        .compose(_ ->
            replace()
                .<Result>map(_ -> new Result(next, this, null))
                .recover(cause -> restore(cause)));
  }

  /// @param change what remains to be [#finish]ed
  record Result(Graph running, @Nullable Change change, @Nullable Throwable failure) {}

  private Future<Void> check() {
    return back ? Future.succeededFuture() : Residents.check(old, next);
  }

  private Future<Void> replace() {
    return startStorages(this::isFree)
        .compose(_ -> startAll(Steps.instances(newExporters)))
        // an exporter that stays may have a signal more than before
        .compose(_ -> Steps.oneByOne(next.exporters().values(), ExportNode::begin))
        .compose(_ -> startAll(next.stages()))
        .compose(_ -> Residents.keep(next, old.storages()::containsValue))
        .compose(_ -> replaceListeners())
        .compose(_ -> makePlace())
        .compose(_ -> startStorages(part -> !isFree(part)))
        .onSuccess(_ -> next.receivers().values().forEach(Graph.ReceiverNode::open));
  }

  private boolean isFree(Part storage) {
    var place = place(storage);
    return !places(old.extensions().values()).contains(place)
        && before.stream().noneMatch(each -> each.place().equals(place));
  }

  private Future<Void> startStorages(Predicate<Part> which) {
    var parts = storages(added(old.extensions(), next.extensions())).filter(which).toList();
    var components = parts.stream().map(Part::component).toList();
    return Residents.keep(next, components::contains).compose(_ -> startAll(parts));
  }

  private Future<Void> makePlace() {
    var wanted = places(next.extensions().values());
    var closing =
        storages(added(next.extensions(), old.extensions()))
            .filter(part -> wanted.contains(place(part)))
            .toList();
    return Steps.oneByOne(
            closing,
            part -> {
              gone.add(part);
              return end(part);
            })
        .compose(_ -> Steps.oneByOne(before, each -> each.makePlace(environment.log())));
  }

  /// Extensions and receivers: who is gone makes room, who is new starts, who stays is left alone.
  private Future<Void> replaceListeners() {
    added(old.receivers(), next.receivers()).forEach(node -> node.openAfter(receiver(node.part())));
    return Steps.oneByOne(listeners(next, old), this::makeRoom)
        .compose(_ -> startAll(listeners(old, next)));
  }

  private Graph.@Nullable ReceiverNode receiver(Part successor) {
    return old.receivers().values().stream()
        .filter(node -> node.part().id().equals(successor.id()))
        .findFirst()
        .orElse(null);
  }

  private Future<Void> makeRoom(Part part) {
    return part.handOver()
        .compose(still -> {
          (still ? succeeded : gone).add(part);
          return still ? Future.succeededFuture() : end(part);
        });
  }

  /// Extensions and receivers of the second that are not in the first; storages are none.
  private static List<Part> listeners(Graph before, Graph after) {
    var parts = new ArrayList<>(added(before.extensions(), after.extensions()));
    parts.removeIf(Change::isStorage);
    added(before.receivers(), after.receivers()).forEach(node -> parts.add(node.part()));
    return parts;
  }

  private Future<Void> startAll(Iterable<Part> parts) {
    return Steps.oneByOne(
        parts,
        part -> {
          begun.add(part);
          var started = part.start(environment.log());
          return back ? started.recover(cause -> missed(part, cause)) : started;
        });
  }

  private Future<Void> missed(Part part, Throwable cause) {
    environment
        .log()
        .error(
            "A component of the configuration before does not start again",
            "component",
            part.kind() + " " + part.id(),
            "error",
            String.valueOf(cause.getMessage()));
    next.lost(part);
    return Future.succeededFuture();
  }

  private Future<Void> end(Part part) {
    return part.end(environment.log());
  }

  private Future<Void> end(ExportNode node) {
    return node.end(environment.log());
  }

  /// What was begun of the next graph ends; it holds nothing but what it has read from a disk.
  private Future<Void> undo() {
    return Steps.oneByOne(begun(listeners(old, next)), this::end)
        .compose(_ -> Steps.oneByOne(next.stages().reversed(), this::end))
        .compose(_ -> Steps.oneByOne(newExporters, ExportNode::hasten))
        .compose(_ -> Steps.oneByOne(newExporters, this::end))
        .compose(_ ->
            Steps.oneByOne(
                begun(storages(added(old.extensions(), next.extensions())).toList()), this::end));
  }

  /// The last first.
  private List<Part> begun(List<Part> parts) {
    return parts.stream().filter(begun::contains).toList().reversed();
  }

  private Future<Result> restore(Throwable cause) {
    var placeless = before.stream().filter(Leaving::ended).toList();
    return undo()
        .compose(_ -> Steps.oneByOne(placeless, each -> each.say(environment.log())))
        .compose(_ -> Steps.oneByOne(succeeded, Part::stay))
        .compose(_ -> {
          if (gone.isEmpty()) {
            return Residents.keep(old, _ -> true).map(new Result(old, null, cause));
          }
          gone.forEach(old::lost);
          return revived(cause);
        });
  }

  private Future<Result> revived(Throwable cause) {
    try {
      var again = Graph.build(old.plan(), environment, board, old);
      return new Change(environment, board, old, again, List.of(), true)
          .run()
          .map(outcome -> new Result(outcome.running, outcome.change, cause));
    } catch (RuntimeException bug) {
      environment
          .log()
          .error("The configuration before cannot go on as a whole", "error", String.valueOf(bug));
      return Future.succeededFuture(new Result(old, null, cause));
    }
  }

  /// Completes when all that has been replaced has delivered what it held, and nobody stores anything for
  /// who is not in the next graph.
  Future<Void> finish() {
    var abandoned = new ArrayList<>(replaced(next.exporters(), old.exporters()));
    leaving.forEach(each -> abandoned.removeAll(each.exporters()));
    return Future.join(succeeded.stream().map(this::end).toList())
        .compose(_ -> barrier())
        .compose(_ -> Steps.oneByOne(abandoned, ExportNode::hasten))
        .compose(_ -> Steps.oneByOne(old.stages().reversed(), this::end))
        .compose(_ -> Steps.oneByOne(abandoned, this::end))
        .compose(_ -> Steps.oneByOne(leaving, Leaving::begin));
  }

  /// Completes when every loop has done what it was at: nobody is any more inside a sink of a graph that
  /// receivers have been led away from.
  private Future<Void> barrier() {
    return Steps.oneByOne(
        environment.loops().all(),
        loop -> {
          Promise<Void> passed = Promise.promise();
          loop.execute(passed::complete);
          return passed.future();
        });
  }
}
