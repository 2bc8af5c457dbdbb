package io.sluice.it.durability;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// What a sender knows of its requests. Safe on any thread.
public final class Ledger {
  public final AtomicLong sent = new AtomicLong();
  public final Set<Long> acked = ConcurrentHashMap.newKeySet();

  /// Answered with a code that allows another attempt.
  public final AtomicLong refused = new AtomicLong();

  /// Answered with a code that does not.
  public final AtomicLong rejected = new AtomicLong();

  /// Not answered at all.
  public final AtomicLong unknown = new AtomicLong();

  public final Map<String, AtomicLong> words = new ConcurrentHashMap<>();

  public void says(String words) {
    this.words.computeIfAbsent(words, _ -> new AtomicLong()).incrementAndGet();
  }
}
