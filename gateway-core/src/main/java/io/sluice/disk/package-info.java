/// The segment log: what was appended and answered for is on stable storage and is read back until each
/// of its destinations has settled it. [SegmentLog] states the invariants and the format; all that is
/// done to a disk goes through [Files], so that a test can take the disk away at any call. What the
/// world does wrong (no room, a failed sync, damage) is a value, never an exception, for callers.
@org.jspecify.annotations.NullMarked
package io.sluice.disk;
