package io.sluice.transport.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.ByteBufUtil;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WholeFramesTest {
  private static final int FRAME_MAX = 16 << 10;
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private boolean plenty;
  private final EmbeddedChannel channel = new EmbeddedChannel(new WholeFrames(() -> plenty));
  private final List<ByteBuf> came = new ArrayList<>();

  @AfterEach
  void nothingIsKept() {
    channel.finishAndReleaseAll();
    came.forEach(buffer -> assertThat(buffer.release()).isTrue());
  }

  private void write(ByteBuf read) {
    channel.writeInbound(read);
    for (ByteBuf next = channel.readInbound(); next != null; next = channel.readInbound()) {
      came.add(next);
    }
  }

  private byte[] all() {
    return ByteBufUtil.getBytes(Unpooled.wrappedUnmodifiableBuffer(came.toArray(ByteBuf[]::new)));
  }

  private static void frame(ByteBuf out, int size, int type) {
    out.writeMedium(size).writeByte(type).writeByte(0).writeInt(1);
    out.writeBytes(new byte[size]);
  }

  /// Cut anywhere, or not at all.
  @ParameterizedTest
  @CsvSource({
    "1, false",
    "2, false",
    "3, false",
    "4, false",
    "5, true",
    "6, true",
    "7, true",
    "8, true"
  })
  void framesComeWholeWhereverTheyAreCut(long seed, boolean withPlenty) {
    var random = new SplittableRandom(seed);
    var sent = Unpooled.buffer().writeBytes(PREFACE);
    for (int i = 0; i < 300; i++) {
      int size = random.nextInt(4) == 0 ? random.nextInt(FRAME_MAX + 1) : random.nextInt(100);
      frame(sent, size, random.nextInt(10));
    }
    int cut = 1 << random.nextInt(17);
    var expected = ByteBufUtil.getBytes(sent);
    while (sent.isReadable()) {
      var read = sent.readBytes(Math.min(sent.readableBytes(), 1 + random.nextInt(cut)));
      write(read);
      assertThat(plenty || read.refCnt() == 0).as("what was read is free again").isTrue();
      plenty = random.nextInt(10) == 0 && withPlenty;
    }
    assertThat(all()).isEqualTo(expected);
    int prefaceRead = 0;
    for (var buffer : came) {
      if (prefaceRead < PREFACE.length) {
        prefaceRead += buffer.readableBytes();
        continue;
      }
      int at = 0;
      while (at < buffer.readableBytes()) {
        at += 9 + buffer.getUnsignedMedium(at);
      }
      assertThat(at).as("ends with a frame").isEqualTo(buffer.readableBytes());
      assertThat(withPlenty || buffer.capacity() == buffer.readableBytes()).isTrue();
      assertThat(withPlenty || buffer.readableBytes() <= 9 + FRAME_MAX).isTrue();
    }
    sent.release();
  }

  @Test
  void framesOfManyCallsDoNotShareABuffer() {
    var sent = Unpooled.buffer().writeBytes(PREFACE);
    for (int i = 0; i < 4; i++) {
      frame(sent, FRAME_MAX, 0);
    }
    write(sent);
    assertThat(came).hasSize(1 + 4);
  }

  @Test
  void whatIsReadIsHandedOnAsItCameWhenThereIsPlentyOfMemory() {
    plenty = true;
    write(Unpooled.copiedBuffer(PREFACE));
    var sent = Unpooled.buffer();
    for (int i = 0; i < 4; i++) {
      frame(sent, FRAME_MAX, 0);
    }
    var whole = sent.readableBytes();
    frame(sent, 100, 0);
    write(sent.readBytes(whole + 50));
    write(sent.readBytes(sent.readableBytes()));
    sent.release();
    assertThat(came).extracting(ByteBuf::readableBytes).containsExactly(24, whole, 109);
  }

  /// A header says 16 KiB and nothing follows.
  @Test
  void announcedBytesTakeNoMemory() {
    write(Unpooled.copiedBuffer(PREFACE));
    write(Unpooled.wrappedBuffer(new byte[] {0, 64, 0, 0, 0, 0, 0, 0, 1, 7}));
    assertThat(came).hasSize(1);
    var _ = channel.close();
    ByteBuf cut = channel.readInbound();
    assertThat(cut.readableBytes()).isEqualTo(10);
    assertThat(cut.capacity()).isLessThanOrEqualTo(256);
    came.add(cut);
  }

  @Test
  void framesThatAreTooLargePassAsTheyCome() {
    var sent = Unpooled.buffer().writeBytes(PREFACE);
    frame(sent, FRAME_MAX + 1, 0);
    var expected = ByteBufUtil.getBytes(sent);
    write(sent.readBytes(30));
    write(sent.readBytes(sent.readableBytes()));
    assertThat(all()).isEqualTo(expected);
    assertThat(came.get(1).readableBytes()).isLessThan(10);
    sent.release();
  }

  @Test
  void whatIsNotHttp2PassesAsItComes() {
    var request = "POST /v1/traces HTTP/1.1\r\nContent-Length: 99999999\r\n\r\nabc";
    write(Unpooled.copiedBuffer(request.substring(0, 10), StandardCharsets.US_ASCII));
    write(Unpooled.copiedBuffer(request.substring(10), StandardCharsets.US_ASCII));
    assertThat(new String(all(), StandardCharsets.US_ASCII)).isEqualTo(request);
  }
}
