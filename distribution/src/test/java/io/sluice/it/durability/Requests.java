package io.sluice.it.durability;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;

/// Requests out of a seed and a number, so that whoever gets one knows each of its bytes. An item is a span
/// with a number of its own: that of its request times [#ITEMS_MAX] and its place. Safe on any thread.
final class Requests {
  static final int ITEMS_MAX = 8;

  private static final int ID_BYTES = 16;
  private static final Pattern NAME = Pattern.compile("@r(\\d+)@");
  private static final long TIME = 1_700_000_000_000_000_000L;

  /// Of a span, most of the time, sometimes and seldom.
  private static final int[] BYTES_MAX = {600, 6_000, 60_000};

  private static final int SOMETIMES = 12;
  private static final int SELDOM = 80;

  private final long seed;
  private final boolean small;

  /// @param small no span has more than a few hundred bytes
  Requests(long seed, boolean small) {
    this.seed = seed;
    this.small = small;
  }

  static long request(long item) {
    return item / ITEMS_MAX;
  }

  int items(long id) {
    return 1 + new SplittableRandom(seed ^ id * 31).nextInt(ITEMS_MAX);
  }

  byte[] bytes(long id) {
    var scope = ScopeSpans.newBuilder();
    for (int i = 0; i < items(id); i++) {
      scope.addSpans(span(id * ITEMS_MAX + i));
    }
    var resource =
        Resource.newBuilder()
            .addAttributes(
                KeyValue.newBuilder()
                    .setKey("service.name")
                    .setValue(AnyValue.newBuilder().setStringValue("shop")));
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder().setResource(resource).addScopeSpans(scope).build())
        .build()
        .toByteArray();
  }

  private Span span(long item) {
    var random = new SplittableRandom(seed ^ item * 0x9E3779B97F4A7C15L);
    var filling = new byte[random.nextInt(bytesMax(random))];
    random.nextBytes(filling);
    return Span.newBuilder()
        .setTraceId(id(random, ID_BYTES))
        .setSpanId(id(random, Long.BYTES))
        .setName("@r" + item + "@")
        .setStartTimeUnixNano(TIME)
        .setEndTimeUnixNano(TIME + 1)
        .setStatus(io.opentelemetry.proto.trace.v1.Status.getDefaultInstance()) // as Go writes it
        .addAttributes(
            KeyValue.newBuilder()
                .setKey("filling")
                .setValue(AnyValue.newBuilder().setBytesValue(ByteString.copyFrom(filling))))
        .build();
  }

  private int bytesMax(SplittableRandom random) {
    if (small) {
      return BYTES_MAX[0];
    }
    return BYTES_MAX[random.nextInt(SELDOM) == 0 ? 2 : random.nextInt(SOMETIMES) == 0 ? 1 : 0];
  }

  private static ByteString id(SplittableRandom random, int length) {
    var bytes = new byte[length];
    random.nextBytes(bytes);
    bytes[0] = 1; // all zeros are no identity
    return ByteString.copyFrom(bytes);
  }

  /// Looks at what arrived, in requests of any cut.
  ///
  /// @param whole is given each item that is as it was made
  /// @param strange is told of what is not
  void read(byte[] request, LongConsumer whole, Consumer<String> strange) {
    try {
      for (var resource : ExportTraceServiceRequest.parseFrom(request).getResourceSpansList()) {
        for (var scope : resource.getScopeSpansList()) {
          scope.getSpansList().forEach(span -> judge(span, whole, strange));
        }
      }
    } catch (InvalidProtocolBufferException e) {
      strange.accept("no request: " + e.getMessage());
    }
  }

  private void judge(Span span, LongConsumer whole, Consumer<String> strange) {
    var name = NAME.matcher(span.getName());
    long item = name.matches() && name.group(1).length() < 18 ? Long.parseLong(name.group(1)) : -1;
    if (item >= 0 && item % ITEMS_MAX < items(request(item)) && span(item).equals(span)) {
      whole.accept(item);
    } else {
      strange.accept("changed: " + span.getName());
    }
  }
}
