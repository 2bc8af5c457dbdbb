package io.sluice.disk;

/// What a store has of one destination.
///
/// @param waiting to be delivered
/// @param waitingOldestMs when the oldest segment with some of it was begun; 0 if there is none
/// @param attended whether somebody here delivers it
public record Stock(
    String destination,
    Counts waiting,
    long waitingOldestMs,
    Counts letters,
    long lettersOldestMs,
    boolean attended) {}
