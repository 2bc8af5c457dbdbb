/// `file_storage`: queues on disk. The Collector's keys, and ours for limits; the log itself is
/// [io.sluice.disk.SegmentLog]. What was acknowledged is on stable storage (`fsync`, on unless turned
/// off), is delivered at least once, or stands among the dead letters of the same directory.
@NullMarked
package io.sluice.extensions.filestorage;

import org.jspecify.annotations.NullMarked;
