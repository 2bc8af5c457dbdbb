package io.sluice.exporters.otlp;

import io.sluice.data.Batch;
import io.sluice.transport.codec.Codec;
import io.sluice.transport.codec.Encoder;
import io.sluice.wire.Rope;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Turns batches into bodies: the frame they came in where it fits, else freshly compressed, else as
/// they are. Confined to one thread.
final class Payload implements AutoCloseable {
  private final @Nullable Encoder encoder;

  Payload(Optional<Codec> codec, OptionalInt level) {
    encoder = codec.map(c -> Encoder.of(c, level)).orElse(null);
  }

  boolean compresses() {
    return encoder != null;
  }

  Rope of(Batch batch) {
    if (encoder == null) {
      return batch.otlp();
    }
    var frame = batch.frame();
    return frame != null && frame.encoding().equals(encoder.codec().toString())
        ? Rope.of(frame.bytes())
        : compressed(batch.otlp());
  }

  Rope compressed(Rope body) {
    return encoder == null ? body : Rope.of(encoder.encode(body));
  }

  @Override
  public void close() {
    if (encoder != null) {
      encoder.close();
    }
  }
}
