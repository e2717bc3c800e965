package dev.rollcall.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The names that ports may be called by, and the pages that may ask them. */
class HostSettingsTest {

  @Test
  void thereAreNoneUnlessTheyAreListed() {
    Settings usual = Settings.of();
    assertThat(usual.http().hosts()).isEmpty();
    assertThat(usual.http().cors().origins()).isEmpty();
    assertThat(usual.management().hosts()).isEmpty();
    Settings listed =
        Settings.of(
            "http.hosts=users.example,Users,10.0.0.7,a_b.example.",
            "management.hosts=ops.example",
            "http.cors.origins=https://app.example,http://[::1]:3000");
    assertThat(listed.http().hosts())
        .containsExactly("users.example", "Users", "10.0.0.7", "a_b.example.");
    assertThat(listed.management().hosts()).containsExactly("ops.example");
    assertThat(listed.http().cors().origins())
        .containsExactly("https://app.example", "http://[::1]:3000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "*.example",
        "users.example:8080",
        "https://users.example",
        "a b",
        "-a",
        "a-",
        ".a",
        "a..b",
        "b\u00fccher.example",
        "users.example/",
        "u@h",
        "a.."
      })
  void aHostIsANameAndNothingElse(String host) {
    for (String key : List.of("http.hosts", "management.hosts")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Settings.of(key + "=" + host))
          .withMessage(
              key
                  + ": \""
                  + host
                  + "\": the name of a host in ASCII letters, without scheme and port, such as"
                  + " users.example (from --set)");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "null", "app.example", "https://App.example", "https://a.example/"})
  void anOriginIsWrittenAsBrowsersSendIt(String origin) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Settings.of("http.cors.origins=" + origin))
        .withMessageStartingWith("http.cors.origins: \"" + origin + "\": an origin as browsers");
  }

  @Test
  void eachStandsOnce() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Settings.of("http.hosts=a,a"))
        .withMessageStartingWith("http.hosts: \"a,a\": each of them once");
  }
}
