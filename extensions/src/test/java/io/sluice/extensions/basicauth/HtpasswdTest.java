package io.sluice.extensions.basicauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Against hashes made by libcrypt, openssl and sha1sum.
class HtpasswdTest {
  private static final String LONG = "päss".repeat(20);

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "s3cret $2b$05$abcdefghijklmnopqrstuuLK7U1u6pVRmL7L1BBM2aS35PSZnDXlK",
        "'' $2a$04$......................w74bL5gU7LSJClZClCa.Pkz14aTv/XO",
        "LONG $2y$06$9fGQ1LHYYc/t3AJq4xgwNeQ.nsf8f6l0846N1BTYWdN6v9ECXljVe",
        "s3cret $apr1$saltsalt$64vPg1.FPS6FtcYJ7Ti1V.",
        "pässwörd-that-is-longer-than-sixteen $1$abc$4SeEtxgXRVJBTofcmXRer/",
        "password {SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=",
        "password {SSHA}yI6cZwQadOA1e+/f+T+H3eCQQhRzYWx0",
        "plain plain"
      })
  void hashesOfOthersAreUnderstood(String word, String hash) {
    var password = word.equals("LONG") ? LONG : word;
    var users = Htpasswd.parse("ann:" + hash);
    assertThat(users.matches("ann", password)).isTrue();
    assertThat(users.matches("ann", password + "x")).isEqualTo(word.equals("LONG"));
    assertThat(users.matches("ann", "x" + password)).isFalse();
    assertThat(users.matches("bob", password)).isFalse();
  }

  @Test
  void laterLinesWinAndCommentsAreNone() {
    var users = Htpasswd.parse("# ann:x\nann:one\n\nbob:b:c\nann:two\n");
    assertThat(users.matches("ann", "one")).isFalse();
    assertThat(users.matches("ann", "two")).isTrue();
    assertThat(users.matches("bob", "b:c")).isTrue();
    assertThat(users.matches("# ann", "x")).isFalse();
  }

  @Test
  void onlyWhatWasRightIsRemembered() {
    var users = Htpasswd.parse("ann:$2b$05$abcdefghijklmnopqrstuuLK7U1u6pVRmL7L1BBM2aS35PSZnDXlK");
    assertThat(users.isCostly("ann")).isTrue();
    assertThat(users.isCostly("nobody")).isTrue();
    assertThat(users.matches("ann", "wrong")).isFalse();
    assertThat(users.isRemembered("ann", "wrong")).isFalse();
    assertThat(users.isRemembered("ann", "s3cret")).isFalse();
    assertThat(users.matches("ann", "s3cret")).isTrue();
    assertThat(users.isRemembered("ann", "s3cret")).isTrue();
    assertThat(users.isRemembered("bob", "s3cret")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hush",
        ":hush",
        "ann:$6$salt$hush",
        "ann:{MD5}hush",
        "ann:{SHA}hush",
        "ann:$2b$31$abcdefghijklmnopqrstuuLK7U1u6pVRmL7L1BBM2aS35PSZnDXlK"
      })
  void mistakesAreNamedWithoutWhatIsInTheLine(String line) {
    assertThatThrownBy(() -> Htpasswd.parse("\n" + line))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("line 2")
        .message()
        .doesNotContain("hush")
        .doesNotContain("LK7U1u6p");
  }

  @Test
  void whatWasRightIsRememberedUntilTheHashChanges() {
    var ann = "ann:$2b$05$abcdefghijklmnopqrstuuLK7U1u6pVRmL7L1BBM2aS35PSZnDXlK\n";
    var before = Htpasswd.parse(ann);
    assertThat(before.matches("ann", "s3cret")).isTrue();
    var after = Htpasswd.parse(ann + "bob:plain").after(before);
    assertThat(after.isRemembered("ann", "s3cret")).isTrue();
    assertThat(after.isRemembered("ann", "other")).isFalse();
    var changed = Htpasswd.parse(ann.replace("$05$", "$06$")).after(after);
    assertThat(changed.isRemembered("ann", "s3cret")).isFalse();
    assertThat(Htpasswd.parse("bob:plain").after(after).isRemembered("ann", "s3cret")).isFalse();
  }
}
