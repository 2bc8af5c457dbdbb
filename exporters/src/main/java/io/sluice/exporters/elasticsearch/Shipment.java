package io.sluice.exporters.elasticsearch;

import io.sluice.component.Loop;
import io.sluice.data.Batch;
import io.sluice.exporters.elasticsearch.BulkAnswer.Verdict;
import io.sluice.exporters.elasticsearch.document.Documents;
import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Fault;
import io.sluice.pipeline.Outcome.Pressure;
import io.sluice.transport.http.HttpResponse;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// One attempt at one batch: one request after the other is written, in steps, so that others get their turn
/// on the loop, and sent. What was settled before is left out. Confined to one loop.
final class Shipment {
  /// Between two turns of others on the loop.
  static final int DOCUMENTS_AT_ONCE = 500;

  private final Batch batch;
  private final Work work;
  private final Progress progress;
  private final Destination destination;
  private final BulkConfig config;
  private final Loop loop;
  private final boolean creates;
  private final Promise<Outcome> done = Promise.promise();

  /// Parts of the request that are still to be sent.
  private final Deque<Range> ranges = new ArrayDeque<>();

  /// Whether this request was written with templates: another one in flight may have found out meanwhile that
  /// the server does not know them.
  private boolean templated;

  private boolean over;
  private Outcome.@Nullable Refused refused;
  private Outcome.@Nullable Rejected rejected;

  /// What is reused from one batch to the next.
  record Work(Documents documents, BulkRequest request) {}

  private record Range(int from, int to) {
    boolean divisible() {
      return to - from > 1;
    }
  }

  /// @param creates whether a document that is there is a conflict
  Shipment(
      Batch batch,
      Work work,
      Progress progress,
      Destination destination,
      BulkConfig config,
      Loop loop,
      boolean creates) {
    this.batch = batch;
    this.work = work;
    this.progress = progress;
    this.destination = destination;
    this.config = config;
    this.loop = loop;
    this.creates = creates;
  }

  Future<Outcome> begin() {
    if (progress.refusals > 0) {
      destination.meters().retried(open().documents);
    }
    restart();
    return done.future();
  }

  private void restart() {
    work.documents.begin(batch, progress.rejects);
    templated = destination.templates();
    work.documents.templates(templated);
    work.request.clear();
    over = false;
    fill();
  }

  private void fill() {
    try {
      int left = DOCUMENTS_AT_ONCE;
      while (!over && !work.request.full(destination.bytesMax())) {
        if (left-- == 0) {
          loop.execute(this::fill);
          return;
        }
        over = !work.documents.next();
        if (!over && !progress.settled.get(work.documents.number())) {
          add();
        }
      }
      if (work.request.size() == 0) {
        end();
      } else {
        ranges.add(new Range(0, work.request.size()));
        send();
      }
    } catch (RuntimeException bug) {
      done.tryFail(bug);
    }
  }

  private void add() {
    if (work.request.add(work.documents)) {
      if (progress.refusals == 0) {
        destination.meters().received(1);
      }
    } else {
      progress.settled.set(work.documents.number());
    }
  }

  private void send() {
    var range = ranges.poll();
    if (range == null) {
      work.request.clear();
      fill();
      return;
    }
    var lines = work.request.body(range.from, range.to);
    int bytes = lines.length();
    destination
        .send(lines)
        .onComplete((answer, bug) -> {
          if (bug != null) {
            done.tryFail(bug);
            return;
          }
          try {
            judge(range, bytes, answer);
          } catch (RuntimeException unforeseen) {
            done.tryFail(unforeseen);
          }
        });
  }

  private void judge(Range range, int bytes, Destination.Answer answer) {
    var response = answer.response();
    if (response == null) {
      refuse(new Outcome.Refused(Pressure.UNAVAILABLE, Duration.ZERO, answer.failure()));
      end();
    } else if (response.successful()) {
      judge(range, response);
    } else if (response.status() == 413) {
      destination.tooLarge(bytes);
      halve(range, response);
      send();
    } else if (templated && Refusal.ofTemplates(response)) {
      destination.withoutTemplates();
      ranges.clear();
      restart();
    } else {
      whole(response);
      end();
    }
  }

  private void halve(Range range, HttpResponse response) {
    if (range.divisible()) {
      int middle = (range.from + range.to) / 2;
      ranges.addFirst(new Range(middle, range.to));
      ranges.addFirst(new Range(range.from, middle));
    } else {
      reject(range.from, Fault.TOO_LARGE, Refusal.words(response));
    }
  }

  /// Throttled documents do not keep the next ones from being sent: how often a batch is tried again may be
  /// limited. A place that does not answer bulk requests does.
  private void judge(Range range, HttpResponse response) {
    var delay = response.delay(destination.clock().instant());
    int said =
        BulkAnswer.read(
            response.body(),
            (position, verdict) -> {
              if (range.from + position < range.to) {
                judge(range.from + position, verdict, delay);
              }
            });
    if (said < range.to - range.from) {
      var words = said < 0 ? "no answer to a bulk request" : "an answer that is cut off";
      refuse(
          new Outcome.Refused(
              Pressure.UNAVAILABLE, delay, "HTTP " + response.status() + ": " + words));
    }
    if (said < 0) {
      end();
    } else {
      send();
    }
  }

  private void judge(int position, Verdict verdict, Duration delay) {
    destination.meters().processed(verdict);
    int status = verdict.status();
    if ((status >= 200 && status < 300) || (status == 409 && creates)) {
      progress.settled.set(work.request.number(position));
      progress.delivered++;
      progress.conflicts += status == 409 ? 1 : 0;
    } else if (config.retry().worth(status) || saysNothing(status)) {
      var pressure = status == 429 ? Pressure.THROTTLED : Pressure.UNAVAILABLE;
      refuse(new Outcome.Refused(pressure, delay, "document: " + verdict.words()));
    } else {
      reject(position, Refusal.fault(status), verdict.words());
    }
  }

  /// What has no status, or none that settles anything, is neither delivered nor refused.
  private static boolean saysNothing(int status) {
    return status < 200 || (status >= 300 && status < 400);
  }

  private void reject(int position, Fault fault, String reason) {
    progress.settled.set(work.request.number(position));
    progress.reject(work.request.items(position), fault, reason);
  }

  /// What an answer says of all documents at once.
  private void whole(HttpResponse response) {
    int status = response.status();
    var words = Refusal.words(response);
    if (config.retry().worth(status) || status < 400) {
      var pressure = status == 429 ? Pressure.THROTTLED : Pressure.UNAVAILABLE;
      refuse(new Outcome.Refused(pressure, response.delay(destination.clock().instant()), words));
    } else {
      rejected = new Outcome.Rejected(Refusal.fault(status), words);
    }
  }

  /// The one that asks for the longest wait counts.
  private void refuse(Outcome.Refused next) {
    refused =
        refused == null || refused.retryAfter().compareTo(next.retryAfter()) < 0 ? next : refused;
  }

  private void end() {
    ranges.clear();
    work.request.clear();
    done.tryComplete(outcome());
  }

  private Outcome outcome() {
    if (refused != null && rejected == null) {
      progress.refusals++;
      var most = config.retry().retriesMax();
      if (most.isEmpty() || progress.refusals <= most.get()) {
        return refused;
      }
      rejected = new Outcome.Rejected(Fault.UNKNOWN, "retries exhausted: " + refused.reason());
    }
    if (rejected != null) {
      if (progress.delivered == 0 && progress.rejects.none()) {
        return rejected;
      }
      progress.reject(open().items, rejected.fault(), rejected.reason());
    }
    return progress.rejects.none() ? new Outcome.Accepted() : partial();
  }

  private Outcome partial() {
    var first = progress.rejects.byReason().keySet().iterator().next();
    if (progress.delivered == 0 && !config.keepsDeadLetters()) {
      return new Outcome.Rejected(progress.fault(first), first);
    }
    return new Outcome.Partial(
        progress.rejects.count(),
        first,
        config.keepsDeadLetters() ? Refusal.culprits(batch, progress) : java.util.List.of());
  }

  /// What is not settled.
  private record Open(BitSet items, int documents) {}

  private Open open() {
    var items = new BitSet();
    int count = 0;
    var documents = work.documents;
    documents.begin(batch, progress.rejects);
    while (documents.next()) {
      if (!progress.settled.get(documents.number())) {
        documents.items(items);
        count++;
      }
    }
    return new Open(items, count);
  }
}
