package io.sluice.extensions.headerssetter;

import io.sluice.component.Checked;
import io.sluice.component.ComponentId;
import io.sluice.component.Doc;
import io.sluice.component.Findings;
import io.sluice.component.Secret;
import io.sluice.disk.Credentials;
import io.sluice.transport.auth.HeaderRules;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// `extensions::headers_setter`.
public record HeadersSetterConfig(
    @Doc("What is done to the headers, in this order.") List<Header> headers,
    @Doc("Extension that adds its own headers to the result, such as oauth2client.")
        Optional<ComponentId> additionalAuth)
    implements Checked {
  public HeadersSetterConfig {
    headers = List.copyOf(headers);
  }

  /// What is done to a header.
  public enum Action {
    /// Set unless it is there.
    INSERT,
    /// Set if it is there.
    UPDATE,
    /// Set.
    UPSERT,
    /// Taken away.
    DELETE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// An entry of `headers`.
  public record Header(
      @Doc("insert (if it is not there), update (if it is), upsert (both) or delete.")
          Action action,
      @Doc("Name of the header.") String key,
      @Doc("Its value.") Optional<Secret> value,
      @Doc("File with its value; read again when it changes.") String valueFile,
      @Doc("Name of the sender's request header that has the value; needs include_metadata.")
          String fromContext,
      @Doc("What the receiver's authenticator knows of the sender under this name has the value.")
          String fromAttribute,
      @Doc(
              "The value where from_context and from_attribute find none; without it, nothing is done.")
          Optional<Secret> defaultValue)
      implements Checked {
    public static Header defaults() {
      return new Header(Action.UPSERT, "", Optional.empty(), "", "", "", Optional.empty());
    }

    @Override
    public void check(Findings findings) {
      checkKey(findings);
      if (action == Action.DELETE) {
        return;
      }
      long sources =
          (value.isPresent() ? 1 : 0)
              + Stream.of(valueFile, fromContext, fromAttribute).filter(s -> !s.isEmpty()).count();
      findings.require(
          sources == 1,
          "",
          sources
              + " sources of the value (expected: one of value, value_file, from_context,"
              + " from_attribute)");
      findings.require(
          defaultValue.isEmpty() || !fromContext.isEmpty() || !fromAttribute.isEmpty(),
          "default_value",
          "without from_context or from_attribute (expected: beside one of them)");
      text(value, "value", findings);
      text(defaultValue, "default_value", findings);
      checkSources(findings);
    }

    private void checkKey(Findings findings) {
      findings.require(
          HeaderRules.isName(key), "key", "'" + key + "' (expected: the name of a header)");
      findings.require(
          HeaderRules.isFree(key),
          "key",
          "'" + key + "' (expected: none that says how the message is carried)");
    }

    private void checkSources(Findings findings) {
      findings.require(
          !HeaderRules.PROOFS.contains(fromContext.toLowerCase(Locale.ROOT)),
          "from_context",
          "'" + fromContext + "' (expected: no credentials; receivers do not keep those)");
      findings.require(
          !fromAttribute.equals("raw"),
          "from_attribute",
          "'raw' (expected: no credentials; receivers do not keep those)");
      if (!fromContext.isEmpty() && Credentials.carriedBy(fromContext)) {
        findings.warning(
            "from_context",
            "'" + fromContext + "' looks like a secret: a queue on disk does not keep it");
      }
    }

    private static void text(Optional<Secret> text, String key, Findings findings) {
      findings.require(
          text.map(Secret::value).map(HeaderRules::isValue).orElse(true),
          key,
          "characters that no header can hold (expected: printable ASCII)");
    }
  }

  public static HeadersSetterConfig defaults() {
    return new HeadersSetterConfig(List.of(), Optional.empty());
  }

  @Override
  public void check(Findings findings) {
    findings.require(!headers.isEmpty(), "headers", "none (expected: at least one)");
  }
}
