package io.sluice.extensions.filestorage;

import io.sluice.disk.Frames;
import io.sluice.transport.codec.Codec;
import io.sluice.transport.codec.DecodeException;
import io.sluice.transport.codec.Decoder;
import io.sluice.wire.Bytes;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// Opens the frames of the codecs that senders use. A decoder is used by one thread at a time; there are
/// as many as there are threads that read.
public final class CodecFrames implements Frames {
  private final Queue<Decoder> idle = new ConcurrentLinkedQueue<>();

  @Override
  public boolean opens(String encoding) {
    return Codec.ofContentEncoding(encoding).isPresent();
  }

  @Override
  public @Nullable Bytes open(String encoding, Bytes frame, int length) {
    var codec = Codec.ofContentEncoding(encoding).orElse(null);
    if (codec == null) {
      return null;
    }
    var known = idle.poll();
    var decoder = known == null ? new Decoder() : known;
    try {
      var content = decoder.decode(codec, frame, length);
      return content.length() == length ? content : null;
    } catch (DecodeException _) {
      return null;
    } finally {
      idle.add(decoder);
    }
  }
}
