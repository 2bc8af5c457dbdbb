package io.sluice.disk;

/// Why a batch was given up.
///
/// @param destination whose queue it was in
/// @param fault the class of the failure
/// @param reason the destination's words
public record DeadLetter(String destination, String fault, String reason) {}
