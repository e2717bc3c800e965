package dev.rollcall.config.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UrlTemplateTest {

  private static UrlTemplate at(String target) {
    return UrlTemplate.parse("http://host" + target);
  }

  private static Function<String, String> values(Map<String, String> values) {
    return variable -> Objects.requireNonNull(values.get(variable));
  }

  private static boolean misleads(String target, String value) {
    return at(target).misleads(variable -> value);
  }

  /** To fold a million marks that Unicode would sort takes an hour. */
  @Test
  @Timeout(10)
  void aValueThatIsFarTooLongIsJudgedByItsLengthAlone() {
    assertThat(misleads("/users/{id}", "a".repeat(2000))).isFalse();
    assertThat(misleads("/users/{id}", "a".repeat(2001))).isTrue();
    assertThat(misleads("/users/{id}", "\u0301\u0316".repeat(500_000))).isTrue();
    assertThat(misleads("/users?q={id}", "\u0301\u0316".repeat(500_000))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "http://host,                     false, host,            80",
    "https://host/,                   true,  host,            443",
    "http://host:8080?a=/b,           false, host,            8080",
    "HTTPS://Host.example.:65535/a,   true,  Host.example.,   65535",
    "http://127.0.0.1:1/a:b@c/d?e://, false, 127.0.0.1,       1",
    "http://[::1]:3001/a,             false, [::1],           3001",
    "http://my_service-1:080/a,       false, my_service-1,    80",
  })
  void theOriginIsReadApart(String url, boolean tls, String host, int port) {
    UrlTemplate template = UrlTemplate.parse(url);
    assertThat(template.tls()).isEqualTo(tls);
    assertThat(template.host()).isEqualTo(host);
    assertThat(template.port()).isEqualTo(port);
    assertThat(template).hasToString(url).isEqualTo(UrlTemplate.parse(url));
  }

  @Test
  void theTargetIsPathAndQueryAsTheyWereWritten() {
    assertThat(at("").target(v -> v)).isEqualTo("/");
    assertThat(at("?a=b").target(v -> v)).isEqualTo("/?a=b");
    assertThat(at("/a//b/%2F;v=1?c=d?/&e='!$*(,").target(v -> v))
        .isEqualTo("/a//b/%2F;v=1?c=d?/&e='!$*(,");
  }

  @Test
  void variablesAreToldOnceInTheirOrder() {
    UrlTemplate template = at("/{id}/{user.email}/{id}?a={account.0.b}&c={user.attributes.x.y}");
    assertThat(template.variables())
        .containsExactly("id", "user.email", "account.0.b", "user.attributes.x.y");
    assertThat(Variables.sources(template.variables())).containsExactly("account");
    assertThat(
            template.target(
                values(
                    Map.of(
                        "id", "42",
                        "user.email", "a@b",
                        "account.0.b", "",
                        "user.attributes.x.y", "z"))))
        .isEqualTo("/42/a%40b/42?a=&c=z");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "/, %2F",
        "?, %3F",
        "#, %23",
        "&, %26",
        "=, %3D",
        "+, %2B",
        "` `, %20",
        "%, %25",
        "%2F, %252F",
        "`\"<{|}>`, %22%3C%7B%7C%7D%3E",
        "é, %C3%A9",
        "日本, %E6%97%A5%E6%9C%AC",
        "👋, %F0%9F%91%8B",
        "a-b_c.d~9Z, a-b_c.d~9Z",
      })
  void aValueStaysWithinItsSegmentOrParameter(String value, String escaped) {
    assertThat(at("/a/{id}/b?c={id}&d").target(v -> value))
        .isEqualTo("/a/" + escaped + "/b?c=" + escaped + "&d");
    assertThat(misleads("/a/{id}/b?c={id}&d", value)).isFalse();
  }

  @Test
  void aValueWithSegmentsIsEscapedAsOne() {
    assertThat(at("/a/{id}").target(v -> "../../admin?x=1&y=2"))
        .isEqualTo("/a/..%2F..%2Fadmin%3Fx%3D1%26y%3D2");
  }

  @Test
  void aValueOfControlCharactersCannotEndALine() {
    assertThat(at("/{id}").target(v -> "a\r\nb\0\t")).isEqualTo("/a%0D%0Ab%00%09");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "/a/{id},        ``",
        "/a/{id}/b,      ``",
        "/{id},          .",
        "/{id}/b,        ..",
        "/a/{id}.?b=c,   .",
        "/a/.{id}/b,     ``",
        "/a/.{id}/b,     .",
        "/a/{id}{id}/b,  .",
        "/a/{id}{id}/b,  ``",
        "/a/%2E{id},     .",
        "/a/%2e{id},     ``",
        "/a/{id};v=1,    ..",
        "/a/{id};v=1,    ``",
      })
  void aValueThatWouldMakeASegmentVanishMisleads(String target, String value) {
    assertThat(misleads(target, value)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "/a?b={id},          ``",
        "/a?b={id}/,         ..",
        "/a?b=/{id}/,        ``",
        "/a/x{id}/b,         ``",
        "/a/{id}{id}/b,      ..",
        "/a/{id}/b,          ...",
        "/a/{id}/b,          /",
        "/a/{id}/b,          a/b",
        "/a/{id}/b,          a..b",
        "/a/{id}/b,          a/..b/c",
        "/a/{id}/b,          100%",
        "/a/{id}/b,          a;b",
        "/a/x{id}/b,         ..",
        "/a?b={id},          ../../admin",
        "/a?b={id}&c=/{id},  %2e%2e%2fadmin",
        "/a/./b//c/../{id}/, x",
      })
  void anyOtherValueDoesNot(String target, String value) {
    assertThat(misleads(target, value)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a/../../admin",
        "../admin",
        "admin/..",
        "./admin",
        "a/./b",
        "..\\admin",
        "a\\..\\admin",
        "a\\../admin",
        "%2e",
        "%2E%2e",
        ".%2e",
        "..%2Fadmin",
        "%2e%2e%2fadmin",
        "..%5cadmin",
        "%252e%252e%252fadmin",
        "..%25252fadmin",
        "%2525252525252525252525252525252e",
        "..%c0%afadmin",
        "%c0%ae%c0%ae/admin",
        "..%c1%9cadmin",
        "..%e0%80%afadmin",
        "%f0%80%80%ae%f0%80%80%ae/x",
        "%u002e%u002e%u2215admin",
        "..%uff0fadmin",
        "..;",
        "..;/admin",
        "a/..;v=1/admin",
        "..%3b/admin",
        "..?",
        "..#x",
        "..%00",
        "..\0/x",
        "..\t/x",
        ".\t./x",
        ".. /x",
        "..%20",
        "\u200B..",
        ".\u00AD./x",
        "\uFF0E\uFF0E/x",
        "..\uFF0Fadmin",
        "..\uFF3Cadmin",
        "..\u2215admin",
        "..\u2044admin",
        "..\u2216admin",
        "\u2024\u2024/admin",
        "\u2025/admin",
        "\uFF052e\uFF052e/x",
        ";x",
      })
  void aValueWithADotSegmentMisleadsWhateverSeparatesIt(String value) {
    assertThat(misleads("/a/{id}", value)).isTrue();
    assertThat(misleads("/a/{id}/b?c=d", value)).isTrue();
    assertThat(misleads("/a?b={id}", value)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "/a/x{id}, /../admin",
    "/a/{id}.json, x/../..%2F",
    "/a/.{id}, ./admin",
    "/a/{id}%2e, %2F.",
    "/a/b{id}%2Fc, /..",
  })
  void valuesAreJudgedWithWhatStandsBesideThem(String target, String value) {
    assertThat(misleads(target, value)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "7",
        "ada@example.com",
        "Ada Lovelace",
        "\u0130stanbul/\u00C7",
        "\u00C0\u00AE la carte",
        "a.b.c",
        "....",
        "v1.0/docs",
        "50%",
        "\u2026",
        "C:\\data",
        "a;b=..",
        "what?",
      })
  void commonTextDoesNot(String value) {
    assertThat(misleads("/a/{id}/b", value)).isFalse();
  }

  @Test
  void aLoneSurrogateMisleadsSinceUtf8CannotSayIt() {
    assertThat(misleads("/a/{id}", "\uD83D")).isTrue();
    assertThat(misleads("/a?b={id}", "x\uDC4B")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "id",
        "user.id",
        "user.name",
        "user.email",
        "user.version",
        "user.createdAt",
        "user.updatedAt",
        "user.attributes.a",
        "user.attributes.a.0.größe",
        "account.companyId",
        "al-bums_2.0.id",
        "identity.id",
        "users.name",
      })
  void aVariableIsTheIdAMemberOfTheUserOrOneOfAnAnswer(String variable) {
    assertThat(at("/{" + variable + "}").variables()).containsExactly(variable);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " id",
        "ID",
        "user",
        "user.",
        "user.password",
        "user.Email",
        "user.name.first",
        "user.attributes",
        "user.attributes.",
        "user.attributes..a",
        "id.x",
        "account",
        "account.",
        "account..a",
        "account.a b",
        "9account.a",
        ".a",
      })
  void anythingElseBetweenBracesIsRefused(String variable) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> at("/{" + variable + "}"))
        .withMessageStartingWith("a URL whose variables are {id}, {user.…}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``                        | an http or https URL",
        "/accounts/{id}            | an http or https URL",
        "host/accounts             | an http or https URL",
        "ftp://host/               | an http or https URL",
        "http:/host                | an http or https URL",
        "` http://host`            | an http or https URL",
        "http://                   | a URL with a host name",
        "http:///a                 | a URL with a host name",
        "http://:80/a              | a URL with a host name",
        "http://a b/               | a URL with a host name",
        "http://a..b/              | a URL with a host name",
        "http://-a/                | a URL with a host name",
        "http://bücher.example/    | a URL with a host name",
        "http://[::1/              | a URL with a host name",
        "http://[::::]/            | a URL with a host name",
        "http://::1/               | a URL with a host name",
        "http://host:/a            | a URL whose port",
        "http://host:0/a           | a URL whose port",
        "http://host:65536/a       | a URL whose port",
        "http://host:-1/a          | a URL whose port",
        "http://host:http/a        | a URL whose port",
        "http://user:pw@host/a     | a URL without a user and password",
        "http://host/a#b           | a URL without a fragment",
        "http://host#b             | a URL without a fragment",
        "http://{id}.host/a        | a URL with variables in its path and query only",
        "http://host:{id}/a        | a URL with variables in its path and query only",
        "http://{user.name}@host/  | a URL without a user and password",
        "http://host/a{id          | a URL whose braces stand in pairs",
        "http://host/a}b           | a URL whose braces stand in pairs",
        "http://host/{{id}}        | a URL whose braces stand in pairs",
        "http://host/{id}}         | a URL whose braces stand in pairs",
        "http://host/a b           | a URL of the characters that URLs may have",
        "http://host/a\"b          | a URL of the characters that URLs may have",
        "http://host/a\\b          | a URL of the characters that URLs may have",
        "http://host/é             | a URL of the characters that URLs may have",
        "http://host/a%2           | a URL of the characters that URLs may have",
        "http://host/a%2{id}       | a URL of the characters that URLs may have",
        "http://host/a%zz          | a URL of the characters that URLs may have",
        "http://host/a?b[]=c       | a URL of the characters that URLs may have",
      })
  void whatIsNoSuchUrlIsToldWhatIsAllowed(String url, String allowed) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> UrlTemplate.parse(url))
        .withMessageStartingWith(allowed);
  }

  @Test
  void controlCharactersAreRefused() {
    for (String control : new String[] {"\n", "\r", "\t", "\0", "\u007F", "\u2028"}) {
      assertThatIllegalArgumentException().isThrownBy(() -> at("/a" + control));
      assertThatIllegalArgumentException().isThrownBy(() -> at("/{account.a" + control + "}"));
    }
  }

  @Test
  void aUrlHasEightKibibytesAtMost() {
    String longest = "http://host/" + "a".repeat(8192 - "http://host/".length());
    assertThat(UrlTemplate.parse(longest)).hasToString(longest);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> UrlTemplate.parse(longest + "a"))
        .withMessage("a URL of at most 8192 characters");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> at("/" + "{id}".repeat(3000)))
        .withMessage("a URL of at most 8192 characters");
    assertThat(at("/" + "{id}".repeat(2000)).target(v -> "1")).hasSize(2001);
  }
}
