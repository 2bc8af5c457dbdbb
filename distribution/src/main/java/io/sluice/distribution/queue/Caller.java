package io.sluice.distribution.queue;

import io.sluice.extensions.admin.Answer;
import java.util.Map;

/// Answers the calls of [io.sluice.extensions.admin.QueueCalls], from wherever.
interface Caller extends AutoCloseable {
  /// Where that is, for messages.
  String place();

  Answer call(String call, Map<String, String> parameters);

  @Override
  default void close() {}
}
