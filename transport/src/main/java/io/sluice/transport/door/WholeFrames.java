package io.sluice.transport.door;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Hands HTTP/2 on in buffers that hold whole frames; while memory is not plentiful, no more of them than fit
/// the largest one.
///
/// gRPC keeps the frames of a message, as slices of the buffers they came in, until the message is
/// whole. A buffer as it is read holds frames of many calls, and each would keep all of it: some 10 MiB of
/// messages in parts used up 70 MiB of direct memory. So frames are copied, unless there is plenty of it. Frames that
/// were cut are copied anyway: the decoder would copy all that was read to join them.
///
/// What is not HTTP/2, and what follows a frame larger than we allow, passes as it comes: the decoder
/// knows what to say.
final class WholeFrames extends ChannelInboundHandlerAdapter {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER_BYTES = 9;

  /// We never allow more than the protocol does by itself.
  private static final int FRAME_BYTES_MAX = HEADER_BYTES + (16 << 10);

  private static final int PART_BYTES_MIN = 256;

  private final BooleanSupplier plenty;
  private int prefaceRead;
  private boolean asItComes;

  /// A frame of which there is not all yet; its capacity is bounded by what it will be, once that is known.
  private @Nullable ByteBuf part;

  /// @param plenty whether there is so much memory that what is read may be kept as it came
  WholeFrames(BooleanSupplier plenty) {
    this.plenty = plenty;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (asItComes || !(message instanceof ByteBuf read)) {
      context.fireChannelRead(message);
      return;
    }
    try {
      preface(context, read);
      while (read.isReadable()) {
        if (asItComes) {
          pass(context, read, read.readableBytes());
        } else if (part != null) {
          fill(context, part, read);
        } else {
          begin(context, read);
        }
      }
    } finally {
      read.release();
    }
  }

  private void preface(ChannelHandlerContext context, ByteBuf read) {
    int size = Math.min(PREFACE.length - prefaceRead, read.readableBytes());
    for (int i = 0; i < size; i++) {
      asItComes |= read.getByte(read.readerIndex() + i) != PREFACE[prefaceRead + i];
    }
    prefaceRead += size;
    if (size > 0) {
      pass(context, read, size);
    }
  }

  /// Whole frames, or the start of one that is not.
  private void begin(ChannelHandlerContext context, ByteBuf read) {
    int from = read.readerIndex();
    int to = from;
    int next = frameEnd(read, to);
    boolean asRead = plenty.getAsBoolean();
    while (next <= read.writerIndex() && (asRead || to == from || next - from <= FRAME_BYTES_MAX)) {
      to = next;
      next = frameEnd(read, to);
    }
    if (to > from) {
      if (asRead) {
        context.fireChannelRead(read.readRetainedSlice(to - from));
      } else {
        pass(context, read, to - from);
      }
    } else if (next - from > FRAME_BYTES_MAX && read.readableBytes() >= HEADER_BYTES) {
      asItComes = true;
    } else if (read.readableBytes() < HEADER_BYTES) {
      part = context.alloc().buffer(HEADER_BYTES, HEADER_BYTES).writeBytes(read);
    } else {
      part = partOf(context, next - from, read.readableBytes()).writeBytes(read);
    }
  }

  /// Where the frame ends that begins there, or more than there is if its header is not all there.
  private static int frameEnd(ByteBuf bytes, int from) {
    return bytes.writerIndex() - from < HEADER_BYTES
        ? Integer.MAX_VALUE
        : from + HEADER_BYTES + bytes.getUnsignedMedium(from);
  }

  /// Grows with what comes, not with what is announced.
  private static ByteBuf partOf(ChannelHandlerContext context, int size, int there) {
    return context.alloc().buffer(Math.min(size, Math.max(there, PART_BYTES_MIN)), size);
  }

  private void fill(ChannelHandlerContext context, ByteBuf begun, ByteBuf read) {
    int missing = begun.maxCapacity() - begun.readableBytes();
    begun.writeBytes(read, Math.min(missing, read.readableBytes()));
    if (begun.readableBytes() < begun.maxCapacity()) {
      return;
    }
    int size = frameEnd(begun, begun.readerIndex()) - begun.readerIndex();
    if (size == begun.readableBytes()) {
      part = null;
      context.fireChannelRead(begun);
    } else if (size > FRAME_BYTES_MAX) {
      asItComes = true;
      part = null;
      context.fireChannelRead(begun);
    } else { // its header alone
      part = partOf(context, size, 0).writeBytes(begun);
      begun.release();
    }
  }

  private static void pass(ChannelHandlerContext context, ByteBuf read, int size) {
    var copy = context.alloc().buffer(size, size);
    copy.writeBytes(read, size);
    context.fireChannelRead(copy);
  }

  /// What was cut with the connection is the decoder's to complain of.
  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (part != null) {
      context.fireChannelRead(part);
      part = null;
    }
    context.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (part != null) {
      part.release();
      part = null;
    }
  }
}
