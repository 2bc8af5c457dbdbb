package io.sluice.extensions.basicauth;

import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.EmptyIsOff;
import io.sluice.component.Findings;
import io.sluice.component.Secret;
import io.sluice.component.Unsupported;
import java.util.Optional;

/// `extensions::basicauth`.
public record BasicAuthConfig(
    @Doc("Who may send to us.") @EmptyIsOff Optional<HtpasswdConfig> htpasswd,
    @Doc("Who we are where we send to.") @EmptyIsOff Optional<ClientAuth> clientAuth)
    implements Checked {
  /// `htpasswd`.
  public record HtpasswdConfig(
      @Doc("File as htpasswd writes it; read again when it changes.") String file,
      @Doc("Lines of such a file; they win over those of the file.") Secret inline)
      implements Checked {
    public static HtpasswdConfig defaults() {
      return new HtpasswdConfig("", new Secret(""));
    }

    @Override
    public void check(Findings findings) {
      findings.require(
          !(file.isEmpty() && inline.value().isEmpty()),
          "file",
          "missing (expected: file or inline)");
      try {
        boolean nobody = Htpasswd.parse(inline.value()).isEmpty();
        findings.require(
            !(nobody && file.isEmpty() && !inline.value().isEmpty()),
            "inline",
            "no user in it (expected: name:hash a line)");
      } catch (IllegalArgumentException e) {
        findings.error("inline", String.valueOf(e.getMessage()));
      }
    }
  }

  /// `client_auth`.
  public record ClientAuth(
      @Doc("Name.") String username,
      @Doc("File with the name, instead of username; read again when it changes.")
          String usernameFile,
      @Doc("Password.") Secret password,
      @Doc("File with the password, instead of password; read again when it changes.")
          String passwordFile,
      @Unsupported("secrets come from files here") @Doc("Where AWS Secrets Manager keeps both.")
          Optional<Object> awsSecretsManager)
      implements Checked {
    public static ClientAuth defaults() {
      return new ClientAuth("", "", new Secret(""), "", Optional.empty());
    }

    @Override
    public void check(Findings findings) {
      findings.require(
          !(username.isEmpty() && usernameFile.isEmpty()),
          "username",
          "missing (expected: username or username_file)");
      findings.require(
          username.indexOf(':') < 0, "username", "'" + username + "' (expected: no colon)");
    }
  }

  public static BasicAuthConfig defaults() {
    return new BasicAuthConfig(Optional.empty(), Optional.empty());
  }

  @Override
  public void check(Findings findings) {
    findings.require(
        htpasswd.isPresent() != clientAuth.isPresent(),
        "",
        (htpasswd.isPresent()
                ? "both htpasswd and client_auth"
                : "neither htpasswd nor client_auth")
            + " (expected: one of them)");
  }
}
