package io.sluice.transport.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CodecTest {
  private static final int BYTES_MAX = 4 << 20;

  private final long seed = System.nanoTime();
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

  @ParameterizedTest
  @EnumSource(Codec.class)
  void whatIsEncodedIsDecoded(Codec codec) {
    try (var decoder = new Decoder();
        var encoder = Encoder.of(codec, OptionalInt.empty())) {
      for (int length :
          new int[] {0, 1, 100, 65_000, 65_001, 65_536, 130_000, 130_001, 1_000_000}) {
        var content = text(length);
        var rope =
            Rope.of(List.of(content.slice(0, length / 3), content.slice(length / 3, length)));
        assertThat(decoder.decode(codec, encoder.encode(rope), BYTES_MAX))
            .as("%s bytes, seed %s", length, seed)
            .isEqualTo(content);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Codec.class)
  void exactlyTheLimitPassesAndOneByteMoreDoesNot(Codec codec) {
    try (var decoder = new Decoder();
        var encoder = Encoder.of(codec, OptionalInt.empty())) {
      var encoded = encoder.encode(Rope.of(text(10_000)));
      assertThat(decoder.decode(codec, encoded, 10_000).length()).isEqualTo(10_000);
      assertThatThrownBy(() -> decoder.decode(codec, encoded, 9_999))
          .isInstanceOfSatisfying(DecodeException.class, e -> assertThat(e.tooLarge()).isTrue());
    }
  }

  @ParameterizedTest
  @EnumSource(Codec.class)
  void cutInputIsMalformed(Codec codec) {
    try (var decoder = new Decoder();
        var encoder = Encoder.of(codec, OptionalInt.empty())) {
      var encoded = encoder.encode(Rope.of(text(5_000)));
      for (int length : new int[] {encoded.length() - 1, encoded.length() / 2, 1}) {
        assertThatThrownBy(() -> decoder.decode(codec, encoded.slice(0, length), BYTES_MAX))
            .as("%s of %s bytes, seed %s", length, encoded.length(), seed)
            .isInstanceOf(DecodeException.class);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Codec.class)
  void damagedInputGivesAValueOrADecodeException(Codec codec) {
    try (var decoder = new Decoder();
        var encoder = Encoder.of(codec, OptionalInt.empty())) {
      var good = encoder.encode(Rope.of(text(3_000))).toArray();
      for (int i = 0; i < 3_000; i++) {
        var bad = good.clone();
        for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
          bad[random.nextInt(bad.length)] = (byte) random.nextInt();
        }
        var failure = catchThrowable(() -> decoder.decode(codec, Bytes.wrap(bad), BYTES_MAX));
        if (failure != null) {
          assertThat(failure).as("seed %s", seed).isInstanceOf(DecodeException.class);
        }
      }
    }
  }

  @Test
  void gzipMembersFollowOneAnotherAndNothingElseMay() {
    try (var decoder = new Decoder();
        var encoder = Encoder.of(Codec.GZIP, OptionalInt.empty())) {
      var first = encoder.encode(Rope.of(text(100)));
      var two = Rope.of(List.of(first, first)).flatten();
      assertThat(decoder.decode(Codec.GZIP, two, BYTES_MAX).length()).isEqualTo(200);
      assertThatThrownBy(() -> decoder.decode(Codec.GZIP, two, 150))
          .isInstanceOf(DecodeException.class);
      var garbage = Rope.of(List.of(first, Bytes.utf8("garbage"))).flatten();
      assertThatThrownBy(() -> decoder.decode(Codec.GZIP, garbage, BYTES_MAX))
          .isInstanceOf(DecodeException.class);
    }
  }

  /// Readers that stop behind the first member lose nothing of ours.
  @Test
  void whatIsEncodedIsOneMember() throws Exception {
    try (var encoder = Encoder.of(Codec.GZIP, OptionalInt.empty())) {
      for (int length : new int[] {64_999, 65_000, 65_001, 195_000, 500_000}) {
        var content = text(length);
        var encoded = encoder.encode(Rope.of(content)).toArray();
        var inflater = new Inflater(true);
        int header = GzipHeader.PLAIN.length;
        inflater.setInput(encoded, header, encoded.length - header);
        var first = new byte[length];
        for (int at = 0; at < length; ) {
          at += inflater.inflate(first, at, length - at);
        }
        assertThat(inflater.inflate(new byte[1])).as("seed %s", seed).isZero();
        assertThat(inflater.finished()).isTrue();
        assertThat(inflater.getRemaining()).isEqualTo(GzipHeader.TRAILER_BYTES);
        assertThat(Bytes.wrap(first)).isEqualTo(content);
        inflater.end();
      }
    }
  }

  @Test
  void snappyLengthThatLiesIsNotAllocated() {
    var lie = Bytes.wrap(new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7});
    try (var decoder = new Decoder()) {
      assertThatThrownBy(() -> decoder.decode(Codec.SNAPPY, lie, Integer.MAX_VALUE - 64))
          .isInstanceOf(DecodeException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Codec.class,
      names = {"GZIP", "ZLIB"})
  void everyLevelOfDeflateIsDecoded(Codec codec) {
    var content = text(2_000);
    try (var decoder = new Decoder()) {
      for (int level = -2; level <= 9; level++) {
        try (var encoder = Encoder.of(codec, OptionalInt.of(level))) {
          assertThat(decoder.decode(codec, encoder.encode(Rope.of(content)), BYTES_MAX))
              .isEqualTo(content);
        }
      }
    }
  }

  /// Compressible, with runs and repeats at random distances.
  private Bytes text(int length) {
    var array = new byte[length];
    for (int i = 0; i < length; i++) {
      array[i] =
          i > 100 && random.nextInt(10) > 0
              ? array[i - random.nextInt(1, 100)]
              : (byte) random.nextInt('a', 'p');
    }
    return Bytes.wrap(array);
  }
}
