package io.sluice.exporters.loki;

import io.sluice.wire.Bytes;
import io.sluice.wire.WireWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// The entries that are translated and not settled yet: positions in what the dialect wrote, by stream.
/// Streams and entries are known by numbers in the order of arrival. Confined to one thread.
final class Window implements Blame.Entries {
  /// Entries at one time, whatever their size.
  static final int ENTRIES_MAX = 10_000;

  private static final int ROOM = 256;

  private final Map<Bytes, Integer> byLabels = new HashMap<>();
  private final List<Bytes> labels = new ArrayList<>();
  private final List<Bytes> headers = new ArrayList<>();
  private int[] starts = new int[ROOM];
  private int[] ends = new int[ROOM];
  private int[] streams = new int[ROOM];
  private int[] items = new int[ROOM];
  private int[] lines = new int[ROOM];
  private long[] times = new long[ROOM];
  private int size;
  private long headerBytes;

  void clear() {
    byLabels.clear();
    labels.clear();
    headers.clear();
    size = 0;
    headerBytes = 0;
  }

  /// What makes the header of a stream that was not there yet.
  interface Header {
    Bytes of(Bytes labels);
  }

  /// @param canonical labels; copied if they are new
  int stream(Bytes canonical, Header header) {
    var known = byLabels.get(canonical);
    if (known != null) {
      return known;
    }
    var own = Bytes.wrap(canonical.toArray());
    int stream = labels.size();
    byLabels.put(own, stream);
    labels.add(own);
    headers.add(header.of(own));
    headerBytes += headers.getLast().length() + 8;
    return stream;
  }

  /// @param from where the entry begins in what was written
  /// @param item of which record it is
  /// @param line bytes of it
  void add(int from, int to, int stream, int item, int line, long timeNs) {
    if (size == starts.length) {
      int room = 2 * size;
      starts = Arrays.copyOf(starts, room);
      ends = Arrays.copyOf(ends, room);
      streams = Arrays.copyOf(streams, room);
      items = Arrays.copyOf(items, room);
      lines = Arrays.copyOf(lines, room);
      times = Arrays.copyOf(times, room);
    }
    starts[size] = from;
    ends[size] = to;
    streams[size] = stream;
    items[size] = item;
    lines[size] = line;
    times[size++] = timeNs;
  }

  int size() {
    return size;
  }

  /// About what a request of all of it takes.
  long bytes() {
    return headerBytes + (size == 0 ? 0 : ends[size - 1] - (long) starts[0]);
  }

  @Override
  public int stream(int entry) {
    return streams[entry];
  }

  @Override
  public Bytes labels(int stream) {
    return labels.get(stream);
  }

  Bytes header(int stream) {
    return headers.get(stream);
  }

  int item(int entry) {
    return items[entry];
  }

  @Override
  public int line(int entry) {
    return lines[entry];
  }

  @Override
  public long timeNs(int entry) {
    return times[entry];
  }

  void write(int entry, WireWriter source, WireWriter out) {
    out.raw(source.room(0), starts[entry], ends[entry] - starts[entry]);
  }

  /// All entries: by stream, each in the order of time, else of arrival.
  int[] ordered() {
    boolean inOrder = true;
    for (int i = 1; inOrder && i < size; i++) {
      inOrder = streams[i - 1] == streams[i] && times[i - 1] <= times[i];
    }
    var all = IntStream.range(0, size);
    return inOrder
        ? all.toArray()
        : all.boxed()
            .sorted(
                Comparator.<Integer>comparingInt(i -> streams[i]).thenComparingLong(i -> times[i]))
            .mapToInt(Integer::intValue)
            .toArray();
  }
}
