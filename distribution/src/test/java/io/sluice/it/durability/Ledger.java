package io.sluice.it.durability;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// What a sender knows of its requests. Safe on any thread.
final class Ledger {
  final AtomicLong sent = new AtomicLong();
  final Set<Long> acked = ConcurrentHashMap.newKeySet();

  /// Answered with a code that allows another attempt.
  final AtomicLong refused = new AtomicLong();

  /// Answered with a code that does not.
  final AtomicLong rejected = new AtomicLong();

  /// Not answered at all.
  final AtomicLong unknown = new AtomicLong();

  final Map<String, AtomicLong> words = new ConcurrentHashMap<>();

  void says(String words) {
    this.words.computeIfAbsent(words, _ -> new AtomicLong()).incrementAndGet();
  }
}
