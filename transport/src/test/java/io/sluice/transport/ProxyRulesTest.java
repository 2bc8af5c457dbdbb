package io.sluice.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyRulesTest {
  @ParameterizedTest(name = "{0}:{1} with NO_PROXY={2} is exempt: {3}")
  @CsvSource(
      delimiter = '|',
      value = {
        "a.example   | 4317 | ''                  | false",
        "a.example   | 4317 | *                   | true",
        "a.example   | 4317 | b.example,a.example | true",
        "A.Example   | 4317 | a.eXample           | true",
        "a.example   | 4317 | .example            | true",
        "a.example   | 4317 | *.example           | true",
        "a.example   | 4317 | example             | true",
        "a.example   | 4317 | ample               | false",
        "a.example   | 4317 | a.example:4317      | true",
        "a.example   | 4318 | a.example:4317      | false",
        "10.1.2.3    | 4317 | 10.0.0.0/8          | true",
        "11.1.2.3    | 4317 | 10.0.0.0/8          | false",
        "10.1.2.3    | 4317 | 10.1.2.3            | true",
        "10.1.2.3    | 4317 | 10.1.2.4            | false",
        "10.1.2.3    | 4317 | 2.3                 | false",
        "a.example   | 4317 | 10.0.0.0/8          | false",
        "[fd00::1]   | 4317 | fd00::/8            | true",
        "[fd00::1]   | 4317 | fd00:0::1           | true",
        "[fd00::1]   | 4317 | [fd00::1]:4317      | true",
        "[fd00::1]   | 4317 | 10.0.0.0/8          | false",
        "10.1.2.3    | 4317 | 10.0.0.0/x          | false",
        "localhost   | 4317 | ''                  | true",
        "127.0.0.9   | 4317 | ''                  | true",
        "[::1]       | 4317 | ''                  | true",
        "127.example | 4317 | ''                  | false"
      })
  void whoIsExempt(String host, int port, String noProxy, boolean exempt) {
    var environment = Map.of("HTTPS_PROXY", "proxy.example:3128", "NO_PROXY", noProxy);
    assertThat(ProxyRules.urlFor(true, host, port, environment).isEmpty()).isEqualTo(exempt);
  }

  @Test
  void eachSchemeHasItsVariableInCapitalsOrNot() {
    var environment = Map.of("http_proxy", "a:1", "HTTPS_PROXY", "http://b:2");
    assertThat(ProxyRules.urlFor(false, "x.example", 80, environment)).hasValue("http://a:1");
    assertThat(ProxyRules.urlFor(true, "x.example", 80, environment)).hasValue("http://b:2");
    assertThat(ProxyRules.urlFor(true, "x.example", 80, Map.of())).isEmpty();
  }
}
