package io.sluice.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimitsTest {
  @ParameterizedTest
  @ValueSource(ints = {16, 50, 107, 252, 700, 4096, 1 << 20})
  void partsOfTheHeapAddUpToIt(long mib) {
    var limits = Limits.of(mib << 20, Map.of());
    assertThat(
            limits.ownBytes()
                + limits.inFlightBytes()
                + limits.readyBytes()
                + limits.connectionsBytes())
        .isEqualTo(limits.heapBytes());
    assertThat(limits.inFlightBytes()).isGreaterThanOrEqualTo(limits.heapBytes() / 6);
    assertThat(limits.connectionsMax()).isPositive();
  }

  /// One destination, and a quarter of it wasted by the allocator.
  @ParameterizedTest
  @ValueSource(ints = {22, 108, 500})
  void whatTheTransportHoldsFitsIntoItsDirectMemory(long mib) {
    var limits = Limits.of(4L << 30, Map.of(Limits.DIRECT, mib << 20));
    long grpc = (mib << 20) * 2 / 3;
    assertThat((limits.arrivingBytes() + limits.sendingBytes()) * 5 / 4).isLessThan(grpc);
  }

  @Test
  void saysWhatTheSumIsMadeOf() {
    var outside = new LinkedHashMap<String, Long>();
    outside.put("direct", 108L << 20);
    outside.put("metaspace", 64L << 20);
    var limits = Limits.of(252 << 20, outside);
    assertThat(limits)
        .hasToString(
            "heap 252 (in flight 120, ready arrays 26, 1651 connections 26, gateway 80)"
                + " + direct 108 (arriving 14, sending 14) + metaspace 64 = 424 MiB");
    assertThat(limits.sumBytes()).isEqualTo(424L << 20);
  }
}
