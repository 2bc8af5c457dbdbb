package io.sluice.exporters.loki;

import io.sluice.data.Batch;
import io.sluice.data.ResourceCursor;
import io.sluice.data.ScopeCursor;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import io.sluice.wire.WireWriter;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns the records of a batch into entries of windows, one window after the other. Confined to one thread.
final class Translation {
  private static final int ATTRIBUTES_OF_RESOURCE = 1;
  private static final int ATTRIBUTES_OF_SCOPE = 3;
  private static final Bytes SCOPE_NAME = Bytes.utf8(Labels.SCOPE_NAME);
  private static final Bytes SCOPE_VERSION = Bytes.utf8(Labels.SCOPE_VERSION);
  private static final int NO_STREAM = -1;

  private final Names names = new Names();
  private final Dialect dialect;
  private final Labels labels;
  private final @Nullable Metadata metadata;
  private final Line line;
  private final Window window = new Window();
  private final Keyed ofResource;
  private final Keyed ofScope;
  private final LogRecord record;
  private final ResourceCursor resources = new ResourceCursor();
  private @Nullable ScopeCursor scopes;
  private Iterator<Bytes> records = List.<Bytes>of().iterator();
  private boolean ended = true;
  private int item;
  private int known;
  private long nowNs;

  /// Of all records of the scope at hand, if they share one.
  private int stream = NO_STREAM;

  Translation(LokiConfig config, Dialect dialect, Guards guards) {
    this.dialect = dialect;
    labels = new Labels(config.labels(), names, guards);
    metadata =
        config.sendsMetadata() ? new Metadata(config.structuredMetadata(), names, dialect) : null;
    line = new Line(config.format());
    ofResource = new Keyed(new Dropped(config.drop().resource()));
    ofScope = new Keyed(new Dropped(config.drop().scope()));
    record = new LogRecord(new Dropped(config.drop().attributes()));
  }

  Window window() {
    return window;
  }

  Dialect dialect() {
    return dialect;
  }

  /// Forgets the batch before. The bytes of this one must stay until [#fill] has come to the end.
  ///
  /// @param nowNs for records that have no time
  /// @param known so many of its first records were translated before, and are not counted again
  void begin(Batch batch, long nowNs, int known) {
    this.nowNs = nowNs;
    this.known = known;
    names.trim();
    resources.over(batch.otlp());
    scopes = null;
    records = List.<Bytes>of().iterator();
    item = 0;
    ended = false;
    clear();
  }

  /// Before the next window.
  void clear() {
    window.clear();
    dialect.entries().reset();
    stream = NO_STREAM;
  }

  boolean ended() {
    return ended;
  }

  /// How many were looked at so far.
  int records() {
    return item;
  }

  /// Goes on with the window, by at most so many records.
  ///
  /// @param settled records to leave out
  /// @param bytesMax about what a window may take
  /// @return whether it is to be sent: full, or all there is
  boolean fill(int recordsMax, BitSet settled, long bytesMax) {
    for (int left = recordsMax; left > 0 && !ended; ) {
      if (records.hasNext()) {
        left--;
        var message = records.next();
        if (!settled.get(item)) {
          record(message);
        }
        item++;
        if (window.size() >= Window.ENTRIES_MAX || window.bytes() >= bytesMax) {
          return true;
        }
      } else if (scopes != null && scopes.next()) {
        scope(scopes);
      } else {
        nextResource();
      }
    }
    return ended;
  }

  private void nextResource() {
    scopes = null;
    if (!resources.next()) {
      resources.over(Rope.EMPTY);
      ended = true;
      return;
    }
    ofResource.over(resources.resource(), ATTRIBUTES_OF_RESOURCE);
    labels.resource(ofResource);
    if (metadata != null) {
      metadata.resource(ofResource);
    }
    line.resource(ofResource);
    scopes = resources.scopes();
  }

  private void scope(ScopeCursor scope) {
    ofScope.over(scope.scope(), ATTRIBUTES_OF_SCOPE);
    field(SCOPE_NAME, scope.name());
    field(SCOPE_VERSION, scope.version());
    labels.scope(ofScope);
    if (metadata != null) {
      metadata.scope(ofScope);
    }
    line.scope(ofScope);
    stream = NO_STREAM;
    records = scope.records().iterator();
  }

  private void field(Bytes key, String text) {
    if (!text.isEmpty()) {
      ofScope.put(key, new WireWriter().bytes(1, Bytes.utf8(text)).take());
    }
  }

  private void record(Bytes message) {
    record.over(message);
    if (stream == NO_STREAM || labels.perRecord()) {
      stream = labels.stream(record, window, dialect);
    }
    long time = record.timeNs(nowNs);
    var entries = dialect.entries();
    int from = entries.size();
    dialect.begin(time);
    int length = line.write(record, dialect);
    if (item >= known) {
      labels.countMoved();
    }
    if (metadata != null) {
      metadata.record(record, labels.moved());
    }
    dialect.end();
    window.add(from, entries.size(), stream, item, length, time);
  }
}
