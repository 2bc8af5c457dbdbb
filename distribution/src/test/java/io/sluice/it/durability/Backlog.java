package io.sluice.it.durability;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.sluice.data.Batch;
import io.sluice.data.Signal;
import io.sluice.disk.Appended;
import io.sluice.disk.DiskFiles;
import io.sluice.disk.Frames;
import io.sluice.disk.Limits;
import io.sluice.disk.LogMeter;
import io.sluice.disk.Opened;
import io.sluice.disk.SegmentLog;
import io.sluice.it.Programs;
import io.sluice.telemetry.Log;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Much in a queue of ours, made quickly: batches of one span and many zeros, whose blocks are given back
/// to the disk.
final class Backlog {
  private static final String NAME = "backlog";
  private static final int FILLING_BYTES = 1 << 20;

  private Backlog() {}

  /// @return how many batches, of a MiB each
  static int write(Path directory, String queue, long bytes) {
    var permissions = PosixFilePermissions.fromString("rwx------");
    var log =
        new SegmentLog(
            new DiskFiles(directory, permissions, false),
            Limits.of(0, Duration.ZERO, false),
            new SegmentLog.Surroundings(
                Frames.NONE,
                InstantSource.system(),
                System::nanoTime,
                new SplittableRandom(1),
                LogMeter.NONE,
                Log.NONE),
            () -> {});
    var destination = log.destination(queue);
    if (!(log.open() instanceof Opened.Ready)) {
      throw new AssertionError("cannot open " + directory);
    }
    var batch = batch();
    int batches = (int) (bytes / FILLING_BYTES);
    for (int i = 0; i < batches; i++) {
      destination.append(
          batch,
          appended -> {
            if (!(appended instanceof Appended.Stored)) {
              throw new AssertionError(appended);
            }
          });
      log.work();
    }
    log.close();
    digHoles(directory);
    return batches;
  }

  private static void digHoles(Path directory) {
    try (var files = Files.list(directory)) {
      for (var file : files.filter(each -> each.toString().endsWith(".seg")).toList()) {
        Programs.done(Map.of(), List.of("fallocate", "--dig-holes", file.toString()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Batch batch() {
    var filling =
        KeyValue.newBuilder()
            .setKey("filling")
            .setValue(
                AnyValue.newBuilder().setBytesValue(ByteString.copyFrom(new byte[FILLING_BYTES])));
    var span = Span.newBuilder().setName(NAME).addAttributes(filling);
    var otlp =
        ExportTraceServiceRequest.newBuilder()
            .addResourceSpans(
                ResourceSpans.newBuilder().addScopeSpans(ScopeSpans.newBuilder().addSpans(span)))
            .build()
            .toByteArray();
    return Batch.of(Signal.TRACES, Rope.of(Bytes.wrap(otlp)), 1);
  }

  /// Whether a sink that knows of nothing was given one of these.
  static boolean is(String strange) {
    return strange.endsWith(NAME);
  }
}
