package io.sluice.it.durability;

import io.sluice.it.durability.Subject.Setting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// E42: from a trace of all that the process asks of the system, each answer is put beside the sync of the
/// bytes it answers for. An answer is the first HEADERS frame of its HTTP/2 stream.
final class AckOrder {
  private static final Pattern ITEM = Pattern.compile("@r(\\d{1,17})@");
  private static final int PREFACE_BYTES = 24;
  private static final int FRAME_HEAD_BYTES = 9;
  private static final int STREAM_AT = 5;
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int ANSWERS = 150;

  /// Of one connection, in one direction.
  private static final class Direction {
    private byte[] pending = new byte[0];
    private int skip;

    Direction(int skip) {
      this.skip = skip;
    }

    interface Frames {
      void frame(int type, int stream, byte[] payload);
    }

    void more(byte[] bytes, Frames frames) {
      var all = new byte[pending.length + bytes.length];
      System.arraycopy(pending, 0, all, 0, pending.length);
      System.arraycopy(bytes, 0, all, pending.length, bytes.length);
      int at = Math.min(skip, all.length);
      skip -= at;
      var head = ByteBuffer.wrap(all);
      while (skip == 0 && at + FRAME_HEAD_BYTES <= all.length) {
        int length = head.getInt(at) >>> Byte.SIZE;
        if (at + FRAME_HEAD_BYTES + length > all.length) {
          break;
        }
        int stream = head.getInt(at + STREAM_AT) & Integer.MAX_VALUE;
        int from = at + FRAME_HEAD_BYTES;
        frames.frame(all[at + 3], stream, Arrays.copyOfRange(all, from, from + length));
        at = from + length;
      }
      pending = Arrays.copyOfRange(all, at, all.length);
    }
  }

  /// @param answers that were looked at
  /// @param early those that left before their bytes were forced
  record Verdict(int answers, int early) {}

  private final Set<Long> acked;
  private final String port;
  private final Map<String, Direction> in = new HashMap<>();
  private final Map<String, Direction> out = new HashMap<>();
  private final Map<String, StringBuilder> requests = new HashMap<>();
  private final Map<String, Long> answers = new HashMap<>();

  /// By item: file, and the line at which its write was over.
  private record Written(String file, long ended) {}

  private final Map<Long, Written> written = new HashMap<>();
  private final Map<String, TreeMap<Long, Long>> syncs = new HashMap<>();

  private AckOrder(Set<Long> acked, int port) {
    this.acked = acked;
    this.port = ":" + port + "->";
  }

  private void see(Calls.Call call) {
    switch (call.name()) {
      case "pwrite64" ->
          items(call.bytes())
              .forEach(item -> written.putIfAbsent(item, new Written(call.of(), call.ended())));
      case "fdatasync", "fsync" ->
          syncs.computeIfAbsent(call.of(), _ -> new TreeMap<>()).put(call.begun(), call.ended());
      case "read", "readv", "recvfrom", "recvmsg" -> {
        if (call.of().contains(port)) {
          in.computeIfAbsent(call.of(), _ -> new Direction(PREFACE_BYTES))
              .more(call.bytes(), (type, stream, payload) -> arrived(call, type, stream, payload));
        }
      }
      default -> {
        if (call.of().contains(port)) {
          out.computeIfAbsent(call.of(), _ -> new Direction(0))
              .more(call.bytes(), (type, stream, payload) -> left(call, type, stream));
        }
      }
    }
  }

  private void arrived(Calls.Call call, int type, int stream, byte[] payload) {
    if (type == DATA) {
      requests
          .computeIfAbsent(call.of() + "/" + stream, _ -> new StringBuilder())
          .append(new String(payload, StandardCharsets.ISO_8859_1));
    }
  }

  private void left(Calls.Call call, int type, int stream) {
    if (type == HEADERS) {
      answers.putIfAbsent(call.of() + "/" + stream, call.begun());
    }
  }

  private static List<Long> items(byte[] bytes) {
    return items(new String(bytes, StandardCharsets.ISO_8859_1));
  }

  private static List<Long> items(CharSequence text) {
    var items = new ArrayList<Long>();
    var names = ITEM.matcher(text);
    while (names.find()) {
      items.add(Long.parseLong(names.group(1)));
    }
    return items;
  }

  private boolean forcedBefore(long item, long line) {
    var place = written.get(item);
    if (place == null) {
      return false;
    }
    var later = syncs.getOrDefault(place.file(), new TreeMap<>()).tailMap(place.ended(), true);
    return later.values().stream().anyMatch(ended -> ended <= line);
  }

  private Verdict verdict() {
    int looked = 0;
    int early = 0;
    for (var answer : answers.entrySet()) {
      var items = items(requests.getOrDefault(answer.getKey(), new StringBuilder()));
      if (!items.isEmpty() && acked.contains(Requests.request(items.getFirst()))) {
        looked++;
        early += items.stream().allMatch(item -> forcedBefore(item, answer.getValue())) ? 0 : 1;
      }
    }
    return new Verdict(looked, early);
  }

  static Row run(Subject subject, long seed, int runs) {
    var row = run("E42", subject, seed, true);
    for (int i = 1; i < runs; i++) {
      row = row.plus(run("E42", subject, seed + i, true));
    }
    return row;
  }

  /// Without syncs all answers have to be found early.
  static Row withoutFsync(Subject subject, long seed, int runs) {
    return run("E42-CONTROL", subject, seed, false);
  }

  private static Row run(String name, Subject subject, long seed, boolean fsync) {
    var folder = Bench.newFolder();
    try (var bench =
        new Bench(
            subject,
            seed,
            Setting.USUAL.bytesMax(2 << 20).fsync(fsync),
            folder,
            folder.resolve("queue"),
            new Requests(seed, true))) {
      var trace = folder.resolve("trace");
      bench.plays(Sink.DOWN);
      var life = bench.begin(Strace.order(trace));
      life.ready();
      bench.send(ANSWERS);
      bench.plays(Sink.UP);
      bench.settle();
      bench.stop();
      var order = new AckOrder(bench.ledger.acked, bench.port());
      try (var lines = Files.lines(trace, StandardCharsets.ISO_8859_1)) {
        Calls.each(lines, order::see);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      var verdict = order.verdict();
      return bench
          .row(name, 1, verdict.answers() >= ANSWERS ? 1 : 0)
          .note(
              "%s%d of %d answers left before their sync"
                  .formatted(
                      verdict.early() > 0 && fsync ? "!" : "", verdict.early(), verdict.answers()));
    }
  }
}
