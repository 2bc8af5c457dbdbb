package io.sluice.exporters.elasticsearch.document;

import io.sluice.wire.Bytes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/// Names documents by a digest of what is in them, so that one that is sent twice is stored once. Confined to
/// one thread.
final class ContentIds {
  /// 120 bits: two among 10^15 documents are alike with a chance of one in a million.
  private static final int BYTES = 15;

  private final MessageDigest digest;

  ContentIds() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  ContentIds of(Surroundings around) {
    digest.reset();
    add(around.resourceMessage());
    return add(around.scopeMessage());
  }

  ContentIds add(Bytes part) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      digest.update((byte) (part.length() >> shift));
    }
    digest.update(part.sharedArray(), part.offset(), part.length());
    return this;
  }

  String id() {
    var all = digest.digest();
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(java.util.Arrays.copyOf(all, BYTES));
  }
}
