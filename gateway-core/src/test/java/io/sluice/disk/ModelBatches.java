package io.sluice.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.data.Batch;
import io.sluice.data.Frame;
import io.sluice.data.Lease;
import io.sluice.data.Origin;
import io.sluice.data.Signal;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// The batches that a [LogModel] sends. Each has a number, out of which its bytes follow.
final class ModelBatches implements Frames {
  private static final String ENCODING = "seeded";

  private final SplittableRandom random;
  private final LogModel.Tally tally;
  private final Map<Long, Batch> sent = new HashMap<>();
  private long ids;

  ModelBatches(SplittableRandom random, LogModel.Tally tally) {
    this.random = random;
    this.tally = tally;
  }

  Batch next() {
    long id = ++ids;
    int length =
        random.nextInt(20) == 0 ? 20_000 + random.nextInt(20_000) : 16 + random.nextInt(3000);
    var origin = new Origin("otlp", "grpc", "127.0.0.1", Map.of("tenant", List.of("t" + id)));
    var payload = payload(id, length);
    var frame = ByteBuffer.allocate(12).putLong(id).putInt(length).array();
    boolean framed = random.nextInt(3) == 0;
    tally.framed += framed ? 1 : 0;
    var batch =
        new Batch(
            Signal.TRACES,
            Rope.of(List.of(payload.slice(0, length / 2), payload.slice(length / 2, length))),
            1 + random.nextInt(100),
            origin,
            Lease.NONE,
            framed ? new Frame(ENCODING, Bytes.wrap(frame)) : null);
    sent.put(id, batch);
    return batch;
  }

  static long id(Batch batch) {
    return batch.otlp().flatten().buffer().getLong();
  }

  /// Of a batch, or of its frame.
  static long id(Bytes stored) {
    return stored.buffer().getLong();
  }

  /// It is what was sent under its number.
  void check(Batch delivered) {
    var original = sent.get(id(delivered));
    if (original == null) {
      throw new AssertionError("never sent: " + id(delivered));
    }
    assertThat(delivered.otlp().flatten()).isEqualTo(original.otlp().flatten());
    assertThat(delivered.items()).isEqualTo(original.items());
    assertThat(delivered.origin()).isEqualTo(original.origin());
  }

  private static Bytes payload(long id, int length) {
    var bytes = new byte[length];
    new SplittableRandom(id).nextBytes(bytes);
    ByteBuffer.wrap(bytes).putLong(id);
    return Bytes.wrap(bytes);
  }

  @Override
  public boolean opens(String encoding) {
    return encoding.equals(ENCODING);
  }

  /// The content follows from the twelve bytes of the frame.
  @Override
  public @Nullable Bytes open(String encoding, Bytes frame, int length) {
    return payload(id(frame), length);
  }
}
