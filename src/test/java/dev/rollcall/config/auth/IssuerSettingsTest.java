package dev.rollcall.config.auth;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.rollcall.config.reading.Faults;
import dev.rollcall.config.reading.Layers;
import dev.rollcall.config.reading.Section;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IssuerSettingsTest {

  private static final String CORP =
      "issuer: 'https://idp.example', audience: rollcall, jwks: 'https://idp.example/jwks.json',"
          + " grant: ['users:read']";

  private final Faults faults = new Faults();

  private Map<String, IssuerSettings> read(String issuers) throws Exception {
    ObjectNode tree = (ObjectNode) new YAMLMapper().readTree("issuers: {" + issuers + "}");
    Section root = Section.root(tree, new Layers(Map.of(), List.of(), faults), faults);
    Map<String, IssuerSettings> read =
        root.each("issuers", IssuerSettings.NAME, IssuerSettings::from);
    root.refuseUnknownKeys();
    IssuerSettings.requireDistinct(read.values(), faults);
    return read;
  }

  private IssuerSettings corp(String issuers) throws Exception {
    return requireNonNull(read(issuers).get("corp"));
  }

  private String faultsOf(String issuers) throws Exception {
    read(issuers);
    return String.join("\n", faults.lines());
  }

  @Test
  void anIssuerHasUsualAlgorithmsAndTheClaimScope() throws Exception {
    IssuerSettings corp = corp("corp: {" + CORP + "}");
    assertThat(faults.lines()).isEmpty();
    assertThat(corp.algorithms())
        .containsExactly(
            SignatureAlgorithm.RS256, SignatureAlgorithm.ES256, SignatureAlgorithm.EDDSA);
    assertThat(corp.scopes()).isEqualTo("scope");
    assertThat(corp.trust()).isEmpty();
    assertThat(corp.jwks()).isInstanceOf(JwksLocation.Url.class);
  }

  @Test
  void everyKeyIsRead() throws Exception {
    IssuerSettings corp =
        corp("corp: {" + CORP + ", algorithms: [PS256, EdDSA], scopes: scp, trust: ca.pem}");
    assertThat(corp.algorithms())
        .containsExactly(SignatureAlgorithm.PS256, SignatureAlgorithm.EDDSA);
    assertThat(corp.scopes()).isEqualTo("scp");
    assertThat(corp.trust()).contains(Path.of("ca.pem"));
    assertThat(corp.issuer()).isEqualTo("https://idp.example");
    assertThat(corp.audience()).isEqualTo("rollcall");
    assertThat(corp.grant()).containsExactly("users:read");
  }

  @Test
  void theKeysMayBeInAFile() throws Exception {
    IssuerSettings corp =
        corp("corp: {issuer: a, audience: b, jwks: conf/jwks.json, grant: ['*', keys]}");
    assertThat(corp.jwks()).isEqualTo(new JwksLocation.File(Path.of("conf/jwks.json")));
  }

  @Test
  void whatAnIssuerNeedsIsNamedWhereItIsMissing() throws Exception {
    assertThat(faultsOf("corp: {scopes: scp}").lines())
        .containsExactly(
            "issuers.corp.issuer: missing: the iss of its tokens, to the letter: 1 to 1000 ASCII"
                + " characters, no spaces",
            "issuers.corp.audience: missing: what the aud of its tokens names: 1 to 1000 ASCII"
                + " characters, no spaces",
            "issuers.corp.jwks: missing: an http or https URL, or the path of a file, of a JWKS",
            "issuers.corp.grant: missing: 1 to 100 scopes");
  }

  @Test
  void twoOfOneIssAreAFault() throws Exception {
    assertThat(faultsOf("a: {" + CORP + "}, b: {" + CORP + "}"))
        .isEqualTo(
            "auth.issuers.b.issuer: \"https://idp.example\": another one than that of"
                + " auth.issuers.a");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "algorithms: [HS256] | issuers.corp.algorithms: \"HS256\": RS256, ",
        "algorithms: [none] | issuers.corp.algorithms: \"none\": RS256, ",
        "algorithms: [rs256] | issuers.corp.algorithms: \"rs256\": RS256, ",
        "algorithms: [] | issuers.corp.algorithms: an empty list: 1 to 10 algorithms",
        "algorithms: [RS256, RS256] | issuers.corp.algorithms: \"RS256\": each of them once",
        "scopes: 'a b' | issuers.corp.scopes: \"a b\": the name of a claim",
        "trust: 7 | issuers.corp.trust: 7: the path of a PEM file",
        "key: 7 | issuers.corp.key: unknown key; allowed here: issuer, audience, jwks, ",
      })
  void aWrongKeyIsNamed(String key, String fault) throws Exception {
    assertThat(faultsOf("corp: {" + CORP + ", " + key + "}")).startsWith(fault.trim());
  }

  @ParameterizedTest
  @ValueSource(strings = {"self", "users", "users:*", "views:read:", "source:a b", "USERS:READ"})
  void aGrantConsistsOfScopesAndNeverOfSelf(String scope) throws Exception {
    assertThat(faultsOf("corp: {issuer: a, audience: b, jwks: f, grant: ['" + scope + "']}"))
        .startsWith("issuers.corp.grant: \"" + scope + "\": a scope: users:read, ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://idp.example/jwks",
        "https://secret@idp.example/",
        "https://idp.example/{id}",
        "https:///secret",
        "file:///secret"
      })
  void aWrongUrlOfKeysIsNotShown(String url) throws Exception {
    assertThat(faultsOf("corp: {issuer: a, audience: b, jwks: '" + url + "', grant: [ops]}"))
        .startsWith("issuers.corp.jwks: (not shown)")
        .doesNotContain("secret");
  }

  @Test
  void authoritiesWithoutHttpsAreAFault() throws Exception {
    for (String jwks : List.of("http://idp.example/", "file.json")) {
      read("corp: {issuer: a, audience: b, jwks: '" + jwks + "', grant: [ops], trust: ca.pem}");
    }
    assertThat(faults.lines())
        .containsExactly(
            "auth.issuers.corp.trust: given: left out without https, which alone looks at it");
  }

  @Test
  void aRecordMadeByCodeIsHeldToTheSameRules() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new IssuerSettings(
                    "corp",
                    "a",
                    "b",
                    JwksLocation.parse("f"),
                    List.of(SignatureAlgorithm.RS256),
                    "scope",
                    List.of("self"),
                    Optional.empty()))
        .withMessageStartingWith("auth.issuers.corp.grant: \"self\": a scope: ");
  }
}
