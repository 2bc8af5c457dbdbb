package io.sluice.receivers.otlp;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.sluice.transport.auth.HeaderRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A call's headers as texts by lower-case name.
final class GrpcHeaders {
  static final Metadata.Key<String> ENCODING =
      Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER);
  static final Metadata.Key<byte[]> STATUS_DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private GrpcHeaders() {}

  static Map<String, List<String>> all(ServerCall<?, ?> call, Metadata headers) {
    var all = new HashMap<String, List<String>>();
    for (var name : headers.keys()) {
      if (!name.endsWith(Metadata.BINARY_HEADER_SUFFIX) && !name.startsWith("grpc-")) {
        var values = headers.getAll(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
        var texts = new ArrayList<String>();
        if (values != null) {
          values.forEach(texts::add);
        }
        all.put(name, texts);
      }
    }
    var authority = call.getAuthority();
    if (authority != null) {
      all.put(":authority", List.of(authority));
    }
    return all;
  }

  /// What may travel with the data: no proofs of identity.
  static Map<String, List<String>> kept(
      ServerCall<?, ?> call, Metadata headers, Set<String> proofs) {
    var kept = all(call, headers);
    HeaderRules.PROOFS.forEach(kept::remove);
    proofs.forEach(kept::remove);
    return kept;
  }
}
