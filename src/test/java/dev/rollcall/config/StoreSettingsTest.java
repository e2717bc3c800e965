package dev.rollcall.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rollcall.config.StoreSettings.Kind;
import dev.rollcall.config.StoreSettings.Postgres;
import dev.rollcall.config.StoreSettings.Tls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreSettingsTest extends LoadingTest {

  private static Postgres postgres(String... sets) {
    String[] all = new String[sets.length + 1];
    System.arraycopy(sets, 0, all, 1, sets.length);
    all[0] = "store.kind=postgres";
    return Settings.of(all).store().postgres().orElseThrow();
  }

  @Test
  void aFileIsTheDefault() {
    assertThat(Settings.of().store())
        .isEqualTo(
            new StoreSettings(
                Kind.SQLITE,
                Path.of("data/rollcall.db"),
                2,
                4096,
                Runtime.getRuntime().maxMemory() / 4,
                Optional.empty()));
  }

  @Test
  void aDatabaseNeedsItsUriAlone() {
    Postgres database = postgres("store.uri=postgresql://me:p%40ss+@db.example/users");
    assertThat(database.uri().host()).isEqualTo("db.example");
    assertThat(database.uri().port()).isEqualTo(5432);
    assertThat(database.uri().database()).isEqualTo("users");
    assertThat(database.user()).isEqualTo("me");
    assertThat(database.password()).isEqualTo("p@ss+");
    assertThat(database.tls()).isEqualTo(Tls.VERIFY_FULL);
    assertThat(database.trust()).isEmpty();
    assertThat(database.timeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(Settings.of("store.kind=postgres", "store.uri=postgres://a@b/c").store().readers())
        .isEqualTo(4);
  }

  @Test
  void onThisMachineNobodyElseHearsWhatIsSaid() {
    for (String host : List.of("localhost", "127.0.0.1", "[::1]")) {
      assertThat(postgres("store.uri=postgresql://a@" + host + ":1/b").tls())
          .isEqualTo(Tls.DISABLE);
    }
    assertThat(postgres("store.uri=postgresql://a@[::1]:1/b").uri().host()).isEqualTo("::1");
    assertThat(postgres("store.uri=postgresql://a@[::1]:1/b").uri()).hasToString("[::1]:1/b");
    assertThat(postgres("store.uri=postgresql://a@localhost/b", "store.tls=require").tls())
        .isEqualTo(Tls.REQUIRE);
  }

  @Test
  void userAndPasswordMayStandByThemselves() {
    Postgres database =
        postgres("store.uri=postgresql://other:wrong@h/d", "store.user=me", "store.password=a:/@b");
    assertThat(database.user()).isEqualTo("me");
    assertThat(database.password()).isEqualTo("a:/@b");
  }

  @Test
  void nothingShowsThePassword() {
    assertThat(Settings.of("store.kind=postgres", "store.uri=postgres://a:secret@b/c").toString())
        .doesNotContain("secret")
        .contains("b:5432/c");
    assertThat(faults("store: {kind: postgres, uri: 'postgresql://a:secret@b/c?sslmode=require'}"))
        .containsExactly(
            "store.uri: (not shown): a URI without parameters; store.tls and store.trust say how it"
                + " is encrypted");
    assertThat(faults("", Map.of("ROLLCALL_STORE_URI", "secret"), "store.kind=postgres"))
        .singleElement()
        .asString()
        .startsWith("store.uri: (not shown): postgresql://user:password@host")
        .doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mysql://a@b/c",
        "postgresql://a@b",
        "postgresql://a@b/",
        "postgresql://a@b/c/d",
        "postgresql:///c",
        "postgresql://a@b c/d",
        "host=b dbname=c"
      })
  void whatIsNoUriOfADatabaseIsRefused(String uri) {
    assertThat(faults("", Map.of(), "store.kind=postgres", "store.uri=" + uri))
        .singleElement()
        .asString()
        .startsWith("store.uri: (not shown): " + PostgresUri.FORM);
  }

  @ParameterizedTest
  @ValueSource(strings = {"99999", "65536", "0", "2147483647"})
  void aPortThatThereCantBeIsRefused(String port) {
    assertThat(
            faults(
                "", Map.of(), "store.kind=postgres", "store.uri=postgresql://a@b:" + port + "/c"))
        .containsExactly(
            "store.uri: (not shown): a URI whose port, where it has one, is 1 to 65535 (from"
                + " --set)");
  }

  @Test
  void whatADatabaseNeedsIsAskedFor() {
    assertThat(faults("store: {kind: postgres}"))
        .containsExactly(
            "store.uri: left out: needed for store.kind postgres: " + PostgresUri.FORM);
    assertThat(faults("store: {kind: postgres, uri: 'postgresql://b/c'}"))
        .containsExactly("store.user: left out: needed where store.uri names no user");
  }

  @Test
  void aKeyOfAnotherKindIsRefused() {
    assertThat(faults("store: {cache: 0, uri: 'postgresql://a@b/c', tls: require}"))
        .containsExactly(
            "store.tls: given: belongs to store.kind postgres, and to no other",
            "store.uri: given: belongs to store.kind postgres, and to no other");
    assertThat(
            faults("store: {kind: postgres, uri: 'postgresql://a@b/c', cache: 1MiB, path: a.db}"))
        .containsExactly(
            "store.cache: given: belongs to store.kind sqlite, and to no other",
            "store.path: given: belongs to store.kind sqlite, and to no other");
  }

  @Test
  void whatADatabaseIsReachedByIsHeldToItsBounds() {
    for (String wrong :
        List.of("tls=prefer", "tls=verify_full", "timeout=99ms", "timeout=2m", "readers=65")) {
      assertThatIllegalArgumentException()
          .as(wrong)
          .isThrownBy(() -> postgres("store.uri=postgresql://a@b/c", "store." + wrong))
          .withMessageStartingWith("store." + wrong.substring(0, wrong.indexOf('=')) + ": ");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> postgres("store.uri=postgresql://a@b/c", "store.tls=require", "store.trust=a"))
        .withMessageStartingWith("store.trust: given: goes with store.tls verify-ca");
  }

  @Test
  void recordsMadeByCodeAreHeldToTheSameRules() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StoreSettings(Kind.POSTGRES, Path.of("a"), 1, 1, 0, Optional.empty()))
        .withMessageStartingWith("store.uri: left out: ");
  }
}
