package io.sluice.extensions.bearertokenauth;

import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.Findings;
import io.sluice.component.Ignored;
import io.sluice.component.Secret;
import io.sluice.transport.auth.HeaderRules;
import java.util.List;
import java.util.stream.Stream;

/// `extensions::bearertokenauth`.
public record BearerTokenAuthConfig(
    @Doc("The header that carries the token.") String header,
    @Doc("The word before the token; empty for none.") String scheme,
    @Doc("The token.") Secret token,
    @Doc("Tokens: the first is shown, all are taken.") List<Secret> tokens,
    @Doc("File with tokens, one a line, instead of those here; read again when it changes.")
        String filename,
    @Doc("Without effect.")
        @Ignored("a file that cannot be read is tried again every second, whatever the reason")
        Object fileRetry)
    implements Checked {
  public BearerTokenAuthConfig {
    tokens = List.copyOf(tokens);
  }

  public static BearerTokenAuthConfig defaults() {
    return new BearerTokenAuthConfig(
        "Authorization", "Bearer", new Secret(""), List.of(), "", List.of());
  }

  /// Those that stand here.
  List<String> written() {
    return tokens.isEmpty()
        ? Stream.of(token.value()).filter(text -> !text.isEmpty()).toList()
        : tokens.stream().map(Secret::value).toList();
  }

  @Override
  public void check(Findings findings) {
    findings.require(
        HeaderRules.isName(header), "header", "'" + header + "' (expected: the name of a header)");
    findings.require(
        token.value().isEmpty() || tokens.isEmpty(),
        "tokens",
        "beside token (expected: one of them)");
    findings.require(
        !filename.isEmpty() || !written().isEmpty(),
        "token",
        "missing (expected: token, tokens or filename)");
    findings.require(
        Stream.concat(Stream.of(scheme), written().stream()).allMatch(HeaderRules::isValue),
        "token",
        "[REDACTED] (expected: printable characters, without a line's end)");
    findings.require(
        tokens.stream().noneMatch(each -> each.value().isEmpty()),
        "tokens",
        "an empty one (expected: none)");
    if (!filename.isEmpty() && !written().isEmpty()) {
      findings.warning("filename", "counts alone: token and tokens beside it are not used");
    }
  }
}
