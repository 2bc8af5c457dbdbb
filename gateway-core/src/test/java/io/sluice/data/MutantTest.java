package io.sluice.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Message;
import io.sluice.wire.Bytes;
import io.sluice.wire.MalformedWireException;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;

/// [Mutants] at the gate, with the official classes as oracle: what passes is what they read, item by
/// item, and nothing but the malformed one is ever thrown.
///
/// `-Dmutants.cases` says how many, `-Dmutants.first` from which seed (a number, or `random`). A failure
/// names its seed: `-Dmutants.first=SEED -Dmutants.cases=1` replays it.
final class MutantTest {
  private static final int DEPTH_MAX = 1000;
  private static final int CASES = Integer.getInteger("mutants.cases", 5000);

  @Test
  void mutantsInProtobufAreReadAsProtobufReadsThem() {
    assertThat(accepted(MutantTest::wire)).isBetween(CASES / 20, Math.max(1, CASES - CASES / 20));
  }

  @Test
  void mutantsInJsonAreReadOrRefused() {
    assertThat(accepted(MutantTest::json)).isBetween(CASES / 20, Math.max(1, CASES - CASES / 20));
  }

  private static long first() {
    var text = System.getProperty("mutants.first", "0");
    return text.equals("random") ? new SplittableRandom().nextLong() : Long.parseLong(text);
  }

  private static int accepted(LongPredicate probe) {
    long first = first();
    int accepted = 0;
    for (long seed = first; seed < first + CASES; seed++) {
      try {
        accepted += probe.test(seed) ? 1 : 0;
      } catch (Throwable e) {
        throw new AssertionError("replay with -Dmutants.cases=1 -Dmutants.first=" + seed, e);
      }
    }
    return accepted;
  }

  private static boolean json(long seed) {
    try {
      return read(
          Mutants.signal(seed),
          OtlpJson.decode(Mutants.signal(seed), Bytes.wrap(Mutants.json(seed))));
    } catch (MalformedWireException _) {
      return false;
    }
  }

  private static boolean wire(long seed) {
    return read(Mutants.signal(seed), Bytes.wrap(Mutants.wire(seed)));
  }

  private static boolean read(Signal signal, Bytes input) {
    Validate.Checked checked;
    try {
      checked = Validate.request(signal, input);
    } catch (MalformedWireException _) {
      return false;
    }
    try {
      agrees(signal, input, checked);
    } catch (IOException e) {
      throw new AssertionError("accepted, but not by protobuf", e);
    }
    return true;
  }

  private static void agrees(Signal signal, Bytes input, Validate.Checked checked)
      throws IOException {
    var message = parse(signal, checked.otlp().flatten());
    assertThat(ValidateTest.items(message)).isEqualTo(checked.items());
    if (checked.repairedStrings() == 0) {
      assertThat(checked.otlp().flatten()).isEqualTo(input);
    }
    var again = Validate.request(signal, Bytes.wrap(message.toByteArray()));
    assertThat(again.items()).isEqualTo(checked.items());
    assertThat(again.repairedStrings()).isZero();
    assertThat(parse(signal, again.otlp().flatten())).isEqualTo(message);
    Probe.wire(signal, input);
  }

  private static Message parse(Signal signal, Bytes otlp) throws IOException {
    var in = CodedInputStream.newInstance(otlp.toArray());
    in.setRecursionLimit(DEPTH_MAX);
    return RandomMessages.prototype(signal).newBuilderForType().mergeFrom(in).build();
  }
}
