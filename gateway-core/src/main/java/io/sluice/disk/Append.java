package io.sluice.disk;

import io.sluice.data.Batch;
import io.sluice.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A batch on its way to the disk: once, whatever the number of destinations that ask for it at the same
/// time.
final class Append {
  final Batch batch;
  final RecordHeader.Type type;
  final Bytes envelope;

  /// Plain OTLP, or the frame it came in.
  final List<Bytes> payload;

  final int payloadLength;
  final boolean framed;
  final List<Destination> to = new ArrayList<>();
  final List<Consumer<Appended>> done = new ArrayList<>();

  Append(Batch batch, @Nullable DeadLetter letter, Frames frames) {
    this.batch = batch;
    var frame = batch.frame();
    framed =
        frame != null
            && frames.opens(frame.encoding())
            && frame.bytes().length() < batch.sizeInBytes();
    if (frame != null && framed) {
      payload = List.of(frame.bytes());
      payloadLength = frame.bytes().length();
    } else {
      payload = batch.otlp().parts();
      payloadLength = batch.sizeInBytes();
    }
    var encoding = frame != null && framed ? frame.encoding() : "";
    envelope = new Envelope(batch.origin(), encoding, letter).encoded();
    type = letter == null ? RecordHeader.Type.BATCH : RecordHeader.Type.DEAD_LETTER;
  }

  void add(Destination destination, Consumer<Appended> answer) {
    to.add(destination);
    done.add(answer);
  }

  long length() {
    return RecordHeader.lengthOf(envelope.length(), payloadLength);
  }

  void answer(Appended appended) {
    done.forEach(each -> each.accept(appended));
  }
}
