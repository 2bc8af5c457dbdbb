package io.sluice.exporters.elasticsearch;

import io.sluice.component.Loop;
import io.sluice.data.Batch;
import io.sluice.exporters.elasticsearch.BulkAnswer.Verdict;
import io.sluice.exporters.elasticsearch.document.Documents;
import io.sluice.exporters.elasticsearch.document.Step;
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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One attempt at one batch: one request after the other is written, in steps, so that others get their turn
/// on the loop, and sent. What was settled before is left out. Confined to one loop.
final class Shipment {
  /// Between two turns of others on the loop.
  static final int DOCUMENTS_AT_ONCE = 500;

  /// After so many requests in a row that were refused as invalid it is not for some of their documents. Enough
  /// to find two neighbours among [BulkRequest#DOCUMENTS_MAX].
  static final int VAIN_SEARCHES_MAX = 32;

  /// So often one document fails, other than by throttling, before it is given up: with the standard waits
  /// after about eight minutes. A request that fails whole does not count.
  static final int FAILURES_MAX = 16;

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

  /// Documents whose own answer was to come again, or that nothing was said of; by number.
  private final BitSet waiting = new BitSet();

  private int vainSearches;
  private boolean over;

  /// Whether a request was not answered, or as a whole.
  private boolean away;

  private final int settledBefore;
  private Outcome.@Nullable Refused refused;
  private Outcome.@Nullable Rejected rejected;

  /// What is reused from one batch to the next.
  ///
  /// @param walk makes documents like these
  record Work(Supplier<Documents> walk, Documents documents, BulkRequest request) {
    Work(Supplier<Documents> walk) {
      this(walk, walk.get(), new BulkRequest());
    }
  }

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
    settledBefore = progress.settled.cardinality();
  }

  Future<Outcome> begin() {
    restart();
    return done.future();
  }

  private void restart() {
    work.documents.begin(batch, progress.rejects);
    templated = destination.templates();
    work.documents.templates(templated);
    work.request.clear();
    waiting.clear();
    refused = null;
    over = false;
    fill();
  }

  private void fill() {
    try {
      for (int left = DOCUMENTS_AT_ONCE; !over && !full(); left--) {
        var step = left == 0 ? Step.PAUSE : work.documents.next();
        if (step == Step.PAUSE) {
          loop.execute(this::fill);
          return;
        }
        over = step == Step.END;
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

  private boolean full() {
    return work.request.full(destination.bytesMax());
  }

  private void add() {
    if (work.request.add(work.documents)) {
      if (progress.refusals == 0) {
        destination.meters().received(1);
      } else {
        destination.meters().retried(1);
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
        .send(lines, batch.origin())
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
      unanswered(answer.none());
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
    } else if (mayBeForSome(response.status())) {
      vainSearches++;
      halve(range, response);
      send();
    } else {
      whole(response);
      end();
    }
  }

  private void unanswered(Outcome none) {
    away = true;
    if (none instanceof Outcome.Rejected never) {
      rejected = never;
    } else if (none instanceof Outcome.Refused later) {
      refuse(later);
    }
  }

  /// A server refuses a whole request for one line that it cannot read.
  private boolean mayBeForSome(int status) {
    return status == 400 && !config.retry().worth(status) && vainSearches < VAIN_SEARCHES_MAX;
  }

  private void halve(Range range, HttpResponse response) {
    if (range.divisible()) {
      int middle = (range.from + range.to) / 2;
      ranges.addFirst(new Range(middle, range.to));
      ranges.addFirst(new Range(range.from, middle));
    } else {
      int status = response.status();
      reject(range.from, Refusal.fault(status), Refusal.words(response), "HTTP " + status);
    }
  }

  /// Throttled documents do not keep the next ones from being sent: how often a batch is tried again may be
  /// limited. A place that does not answer bulk requests does.
  private void judge(Range range, HttpResponse response) {
    vainSearches = 0;
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
      for (int i = range.from + Math.max(0, said); i < range.to; i++) {
        waiting.set(work.request.number(i));
      }
      away = true;
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
      again(position, verdict, delay);
    } else {
      reject(position, Refusal.fault(status), verdict.words(), verdict.kind());
    }
  }

  /// One that fails for ever must not keep its batch, and who sends it, for ever.
  private void again(int position, Verdict verdict, Duration delay) {
    int number = work.request.number(position);
    boolean throttled = verdict.status() == 429;
    if (!throttled) {
      int failures = progress.failures.merge(number, 1, Integer::sum);
      if (failures >= FAILURES_MAX) {
        var words = "failed " + failures + " times: ";
        reject(position, Fault.UNKNOWN, words + verdict.words(), words + verdict.kind());
        return;
      }
    }
    waiting.set(number);
    var pressure = throttled ? Pressure.THROTTLED : Pressure.UNAVAILABLE;
    refuse(new Outcome.Refused(pressure, delay, "document: " + verdict.words()));
  }

  /// What has no status, or none that settles anything, is neither delivered nor refused.
  private static boolean saysNothing(int status) {
    return status < 200 || (status >= 300 && status < 400);
  }

  private void reject(int position, Fault fault, String reason, String kind) {
    progress.settled.set(work.request.number(position));
    progress.reject(work.request.items(position), fault, reason, kind);
  }

  /// What an answer says of all documents at once.
  private void whole(HttpResponse response) {
    away = true;
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
    new Ending(batch, progress, config, loop, work.walk)
        .of(rejected, refused, waiting, works())
        .onComplete(done);
  }

  /// Most is there, and what is not was answered for itself. Documents that are throttled and nothing else are
  /// a destination that is throttled.
  private boolean works() {
    int settled = progress.settled.cardinality();
    boolean throttled = refused != null && refused.pressure() == Pressure.THROTTLED;
    return !away && settled >= waiting.cardinality() && (settled > settledBefore || !throttled);
  }
}
