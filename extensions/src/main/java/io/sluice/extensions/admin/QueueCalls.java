package io.sluice.extensions.admin;

import io.sluice.data.Lease;
import io.sluice.data.OtlpJson;
import io.sluice.disk.Browse;
import io.sluice.disk.Counts;
import io.sluice.disk.Stock;
import io.sluice.disk.Store;
import io.sluice.disk.StoredBatch;
import io.sluice.extensions.admin.Answer.Filled;
import io.sluice.extensions.admin.Query.BadQueryException;
import io.sluice.telemetry.Why;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What can be asked of queues and dead letters on disk, whoever has them open. Each call does a bounded
/// piece of work and says where the next one may go on. Blocks on the disk; used by one thread.
///
/// ```
/// queues                              what there is
/// records   storage destination       what is stored, without its content
/// export    ... format=json|proto     the content: a line of OTLP/JSON each, or length (u32) and OTLP
/// drop      ...                       gives it up
/// replay    ... to                    dead letters go back to a queue
/// ```
///
/// Parameters that select: `dead_letters`, `id`, `since`, `until`, `after`, `limit`.
public final class QueueCalls {
  /// Content of one answer, uncompressed; one batch may be larger.
  private static final long PAGE_BYTES_MAX = 4 << 20;

  private static final int PAGE_RECORDS_MAX = 500;
  private static final int DROPPED_MAX = 20_000;

  /// Each waits for the disk.
  private static final int REPLAYED_MAX = 100;

  /// Content of one answer, as it is written; the last batch of it may go beyond.
  private static final int BODY_BYTES_MAX = 8 << 20;

  /// What a record is read from, and a flat copy of it.
  private static final int COPIES = 2;

  private static final int LENGTH_BYTES = 4;
  private static final byte[] RECORDS_BEGIN = "{\"records\":[".getBytes(StandardCharsets.UTF_8);
  private static final byte[] RECORDS_END = "]}".getBytes(StandardCharsets.UTF_8);

  private final Supplier<Map<String, Store>> stores;
  private final LongFunction<@Nullable Lease> room;
  private final boolean attended;

  /// @param stores by the id of their storage
  /// @param room a lease on so many bytes, or null if there is no room for them now
  /// @param attended whether a gateway runs here, so that a queue without an exporter is nobody's
  public QueueCalls(
      Supplier<Map<String, Store>> stores, LongFunction<@Nullable Lease> room, boolean attended) {
    this.stores = stores;
    this.room = room;
    this.attended = attended;
  }

  public Answer answer(String call, Map<String, String> parameters) {
    try {
      var query = new Query(parameters);
      return switch (call) {
        case "queues" -> queues();
        case "records" -> records(query);
        case "export" -> export(query);
        case "drop" -> drop(query);
        case "replay" -> replay(query);
        default ->
            Answer.error(
                Answer.NOT_FOUND,
                "'" + call + "' (expected: queues, records, export, drop or replay)");
      };
    } catch (BadQueryException e) {
      return Answer.error(Answer.BAD_REQUEST, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return Answer.error(Answer.FAILED, "cannot read what is stored: " + Why.of(e));
    }
  }

  private Answer queues() {
    var storages = new JsonArray();
    new TreeMap<>(stores.get())
        .forEach((id, store) -> {
          var queues = new JsonArray();
          store.stock().forEach(stock -> queues.add(json(stock)));
          storages.add(
              new JsonObject()
                  .put(Query.STORAGE, id)
                  .put("bytes", store.bytes())
                  .put("dead_letter_bytes", store.deadLettersBytes())
                  .put("free_bytes", store.freeBytes())
                  .put("blocked", store.blocked())
                  .put("queues", queues));
        });
    return Answer.json(new JsonObject().put("storages", storages));
  }

  private static JsonObject json(Stock stock) {
    return new JsonObject()
        .put(Query.DESTINATION, stock.destination())
        .put("attended", stock.attended())
        .put("waiting", json(stock.waiting(), stock.waitingOldestMs()))
        .put(Query.DEAD_LETTERS, json(stock.letters(), stock.lettersOldestMs()));
  }

  private static JsonObject json(Counts counts, long oldestMs) {
    var body = json(counts);
    return oldestMs == 0 ? body : body.put("oldest", Instant.ofEpochMilli(oldestMs).toString());
  }

  private static JsonObject json(Counts counts) {
    return new JsonObject()
        .put("records", counts.records())
        .put("items", counts.items())
        .put("bytes", counts.bytes());
  }

  private record Place(Store store, String destination) {}

  private Place place(Query query) {
    var all = stores.get();
    var id = query.text(Query.STORAGE);
    var store = id.isEmpty() && all.size() == 1 ? all.values().iterator().next() : all.get(id);
    if (store == null) {
      throw new BadQueryException(
          "storage: '" + id + "' (expected: of " + all.keySet().stream().sorted().toList() + ")");
    }
    var destination = query.text(Query.DESTINATION);
    var known = store.stock().stream().map(Stock::destination).toList();
    if (!known.contains(destination)) {
      throw new BadQueryException(
          "destination: '" + destination + "' (expected: of " + known + ")");
    }
    return new Place(store, destination);
  }

  private static Optional<Browse> browse(Place place, Query query, int limit) {
    return place.store().browse(place.destination(), query.deadLetters(), query.selection(limit));
  }

  private static String resume(long sequence) {
    return sequence < 0 ? "" : Long.toString(sequence);
  }

  private interface Writing {
    void add(StoredBatch stored) throws IOException;
  }

  private Filled fill(Query query, Page page, Writing writing) throws IOException {
    var found = browse(place(query), query, PAGE_RECORDS_MAX);
    if (found.isEmpty()) {
      return new Filled(0, "", 0, false);
    }
    long before = query.selection(PAGE_RECORDS_MAX).after();
    long damaged = 0;
    long records = 0;
    long bytes = 0;
    try (var browse = found.get()) {
      for (var head = browse.next(); head != null; head = browse.next()) {
        boolean full = bytes + head.bytes() > PAGE_BYTES_MAX || page.length() >= BODY_BYTES_MAX;
        if (bytes > 0 && full) {
          return new Filled(records, resume(before), damaged, false);
        }
        var lease = room.apply(head.storedBytes() + COPIES * head.bytes());
        if (lease == null) {
          return new Filled(records, resume(before), damaged, bytes == 0);
        }
        int written = page.length();
        try {
          var stored = browse.read(lease);
          if (stored == null) {
            damaged++;
          } else {
            writing.add(stored);
            records++;
          }
        } catch (Page.FullException _) {
          page.cut(written);
          return new Filled(records, resume(before), damaged, bytes == 0);
        } finally {
          lease.close();
        }
        bytes += head.bytes();
        before = head.sequence();
      }
      return new Filled(records, resume(browse.resume()), damaged, false);
    }
  }

  private static Answer noRoom() {
    return Answer.error(Answer.NO_ROOM, "no room in memory just now (expected: to be asked again)");
  }

  /// Whatever comes of it: an answer, or the memory given back.
  private Answer paged(String contentType, PageCall call) throws IOException {
    var page = new Page(room);
    Answer answer = null;
    try {
      var filled = call.fill(page);
      answer = filled.noRoom() ? noRoom() : Answer.page(contentType, page, filled);
    } catch (Page.FullException _) {
      answer = noRoom();
    } finally {
      if (answer == null || answer.status() != Answer.OK) {
        page.lease().close();
      }
    }
    return answer;
  }

  private interface PageCall {
    Filled fill(Page page) throws IOException;
  }

  private Answer records(Query query) throws IOException {
    return paged(
        "application/json",
        page -> {
          page.write(RECORDS_BEGIN);
          var filled =
              fill(
                  query,
                  page,
                  stored -> {
                    if (page.length() > RECORDS_BEGIN.length) {
                      page.write(',');
                    }
                    page.write(json(stored).encode().getBytes(StandardCharsets.UTF_8));
                  });
          page.write(RECORDS_END);
          return filled;
        });
  }

  private static JsonObject json(StoredBatch stored) {
    var head = stored.head();
    var origin = stored.batch().origin();
    var metadata = new JsonObject();
    origin
        .metadata()
        .forEach((key, values) -> metadata.put(key, new JsonArray(List.copyOf(values))));
    var body =
        new JsonObject()
            .put(Query.ID, head.sequence())
            .put("stored_at", Instant.ofEpochMilli(head.storedAtMs()).toString())
            .put("signal", head.signal().toString())
            .put("items", head.items())
            .put("bytes", head.bytes())
            .put("stored_bytes", head.storedBytes())
            .put("encoding", stored.encoding())
            .put("file", head.file())
            .put("offset", head.at())
            .put("receiver", origin.receiver())
            .put("transport", origin.transport())
            .put("peer", origin.peer())
            .put("metadata", metadata);
    var letter = stored.letter();
    return letter == null
        ? body
        : body.put(
            "dead_letter",
            new JsonObject()
                .put(Query.DESTINATION, letter.destination())
                .put("status", letter.fault())
                .put("message", letter.reason()));
  }

  private Answer export(Query query) throws IOException {
    boolean proto = query.proto();
    return paged(
        proto ? "application/octet-stream" : "application/x-ndjson",
        page ->
            fill(
                query,
                page,
                stored -> {
                  var batch = stored.batch();
                  if (proto) {
                    page.write(
                        ByteBuffer.allocate(LENGTH_BYTES).putInt(batch.sizeInBytes()).array());
                    batch.otlp().writeTo(page);
                  } else {
                    OtlpJson.encode(batch.signal(), batch.otlp(), page);
                    page.write('\n');
                  }
                }));
  }

  private Answer drop(Query query) throws IOException {
    var place = place(query);
    var dropped =
        place
            .store()
            .giveUp(place.destination(), query.deadLetters(), query.selection(DROPPED_MAX));
    return Answer.json(
        json(dropped.counts())
            .put("in_flight", dropped.left())
            .put("durable", dropped.durable())
            .put("resume", resume(dropped.resume())));
  }

  private Answer replay(Query query) throws IOException {
    var place = place(query);
    var to = query.text(Query.TO).isEmpty() ? place.destination() : query.text(Query.TO);
    if (attended
        && place.store().stock().stream()
            .noneMatch(s -> s.destination().equals(to) && s.attended())) {
      return Answer.error(
          Answer.CONFLICT,
          "'"
              + to
              + "' has no exporter in the running configuration (expected: its exporter, or another"
              + " queue to replay to, of "
              + attended(place.store())
              + ")");
    }
    if (!attended && place.store().stock().stream().noneMatch(s -> s.destination().equals(to))) {
      throw new BadQueryException(
          "to: '" + to + "' (expected: a queue that is there, or a running gateway)");
    }
    var replayed =
        place.store().replay(place.destination(), to, query.selection(REPLAYED_MAX), room);
    return Answer.json(
        json(replayed.counts())
            .put("reason", replayed.reason())
            .put("durable", replayed.durable())
            .put("resume", resume(replayed.resume())));
  }

  private static List<String> attended(Store store) {
    return store.stock().stream().filter(Stock::attended).map(Stock::destination).toList();
  }
}
