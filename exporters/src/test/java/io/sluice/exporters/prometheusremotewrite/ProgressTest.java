package io.sluice.exporters.prometheusremotewrite;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.exporters.prometheusremotewrite.Progress.Rejection;
import io.sluice.pipeline.Outcome.Fault;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final Progress progress = new Progress();

  private static BitSet points(int... each) {
    var points = new BitSet();
    for (int point : each) {
      points.set(point);
    }
    return points;
  }

  /// A histogram has many series, each of which may be rejected with other words.
  @Test
  void whatWasRejectedBeforeIsNoRejectionOfItsOwn() {
    progress.reject(points(1, 2), Fault.INVALID, "first");
    progress.reject(points(2), Fault.INVALID, "second");
    progress.reject(points(2, 3), Fault.INVALID, "third");
    assertThat(progress.rejections())
        .containsExactly(
            new Rejection(points(1, 2), Fault.INVALID, "first"),
            new Rejection(points(3), Fault.INVALID, "third"));
    assertThat(progress.lost()).isEqualTo(3);
  }

  @Test
  void reasonsBeyondTheLimitStandUnderTheLastOfTheirFault() {
    progress.reject(points(0), Fault.TOO_LARGE, "large");
    for (int i = 1; i < Progress.REJECTIONS_MAX + 2; i++) {
      progress.reject(points(i), Fault.INVALID, "reason " + i);
    }
    assertThat(progress.rejections()).hasSize(Progress.REJECTIONS_MAX);
    assertThat(progress.rejections().getLast().points().cardinality()).isEqualTo(3);
    progress.reject(points(1000), Fault.UNKNOWN, "other");
    assertThat(progress.rejections().getLast().reason()).isEqualTo("other");
  }
}
