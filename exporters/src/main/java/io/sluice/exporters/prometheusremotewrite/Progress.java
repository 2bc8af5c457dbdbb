package io.sluice.exporters.prometheusremotewrite;

import io.sluice.pipeline.Outcome.Fault;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What has come of a batch so far. It is kept while the batch waits to be sent again, so that what has
/// arrived is not sent twice: where it is no longer the newest it would be rejected as out of order.
///
/// Series are known by their numbers in the table, which are the same in each translation of a batch.
final class Progress {
  /// Reasons beyond that stand under the last of the same fault.
  static final int REJECTIONS_MAX = 100;

  /// Series that were delivered or rejected.
  private final BitSet settled = new BitSet();

  /// Series of which a part was, by the time that is to come next.
  private final Map<Integer, Long> begun = new HashMap<>();

  /// Points of the batch that were rejected, in whole or in part.
  private final BitSet rejected = new BitSet();

  private final List<Rejection> rejections = new ArrayList<>();

  /// Points that the destination did not write, without a word on which.
  long missing;

  /// Something of what was measured was.
  boolean delivered;

  /// Requests that searched for what is at fault.
  int attempts;

  /// Pieces that were rejected in the end.
  int found;

  /// It is counted how many series the batch makes.
  boolean counted;

  /// The newest words of the destination.
  String reason = "";

  /// Points that were rejected for one reason.
  record Rejection(BitSet points, Fault fault, String reason) {}

  /// The first series from here on of which something is left.
  int nextOpen(int series) {
    return settled.nextClearBit(series);
  }

  /// What is left of it.
  Span left(int series) {
    var next = begun.get(series);
    return next == null ? Span.ALWAYS : Span.from(next);
  }

  /// The piece was delivered or rejected; of a series no earlier part is left.
  void settle(Piece piece) {
    for (int each : piece.series()) {
      if (piece.span().last()) {
        settled.set(each);
      } else {
        begun.put(each, piece.span().toMs());
      }
    }
  }

  /// Each point once, for the first of its reasons.
  void reject(BitSet points, Fault fault, String why) {
    reason = why;
    points.andNot(rejected); // several series may be of one point
    if (points.isEmpty()) {
      return;
    }
    rejected.or(points);
    Rejection last = null;
    for (var each : rejections) {
      if (each.fault == fault) {
        last = each;
        if (each.reason.equals(why)) {
          break;
        }
      }
    }
    if (last != null && (last.reason.equals(why) || rejections.size() >= REJECTIONS_MAX)) {
      last.points.or(points);
    } else {
      rejections.add(new Rejection(points, fault, why));
    }
  }

  List<Rejection> rejections() {
    return rejections;
  }

  long lost() {
    return rejected.cardinality() + missing;
  }
}
