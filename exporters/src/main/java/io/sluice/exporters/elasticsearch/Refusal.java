package io.sluice.exporters.elasticsearch;

import io.sluice.data.Batch;
import io.sluice.data.Split;
import io.sluice.exporters.elasticsearch.document.Extra;
import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Fault;
import io.sluice.transport.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What is made of a server's refusals.
final class Refusal {
  private static final int WORDS_CHARS_MAX = 512;

  private Refusal() {}

  static Fault fault(int status) {
    return switch (status) {
      case 401 -> Fault.UNAUTHENTICATED;
      case 403 -> Fault.PERMISSION_DENIED;
      case 404, 405, 406, 415 -> Fault.UNIMPLEMENTED;
      case 413 -> Fault.TOO_LARGE;
      default -> Fault.INVALID;
    };
  }

  static String words(HttpResponse response) {
    var said = response.body().utf8().strip().replaceAll("\\s+", " ");
    var words = "HTTP " + response.status() + (said.isEmpty() ? "" : ": " + said);
    return words.length() <= WORDS_CHARS_MAX ? words : words.substring(0, WORDS_CHARS_MAX);
  }

  /// What of these the server does not know, and refuses a request for.
  static Optional<Extra> of(HttpResponse response, Set<Extra> said) {
    if (response.status() != 400) {
      return Optional.empty();
    }
    var words = response.body().utf8();
    return said.stream().filter(extra -> words.contains(extra.key())).findFirst();
  }

  /// Each with the words for it.
  static List<Outcome.Culprit> culprits(Batch batch, Progress progress) {
    return progress.rejects.byReason().entrySet().stream()
        .map(each ->
            new Outcome.Culprit(
                Split.only(batch, each.getValue()), progress.fault(each.getKey()), each.getKey()))
        .toList();
  }
}
