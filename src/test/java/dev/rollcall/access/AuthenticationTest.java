package dev.rollcall.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.config.Settings;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticationTest {
  private static final String ADMIN = "0123456789abcdef.0123456789abcdef";

  private final KeyRing ring = new KeyRing();
  private final Authentication authentication =
      new Authentication(
          Settings.of("auth.kind=required", "auth.adminKey=" + ADMIN).auth(),
          ring,
          token -> Future.succeededFuture(new Principal("token " + token.text(), Scopes.NONE, 0)));

  private Kind refusal(String... fields) {
    Future<Principal> found = authentication.identify(List.of(fields));
    assertThat(found.failed()).isTrue();
    return ((Failure) found.cause()).kind();
  }

  private String name(String... fields) {
    Future<Principal> found = authentication.identify(List.of(fields));
    assertThat(found.succeeded()).isTrue();
    return String.valueOf(found.result().name());
  }

  @Test
  void whereNobodyHasToSayWhoHeIsACredentialIsNotLookedAt() {
    Authentication none =
        new Authentication(Settings.of().auth(), ring, token -> Future.failedFuture("not asked"));
    for (List<String> fields : List.of(List.<String>of(), List.of("x"), List.of("a", "b"))) {
      assertThat(none.identify(fields).result()).isSameAs(Principal.ANYBODY);
    }
  }

  @Test
  void theAdministratorsKeyHoldsEveryScope() {
    assertThat(name("Bearer " + ADMIN)).isEqualTo("admin");
    assertThat(name("bearer " + ADMIN)).isEqualTo("admin");
    assertThat(authentication.identify(List.of("Bearer " + ADMIN)).result().scopes().hold("keys"))
        .isTrue();
  }

  @Test
  void aKeyStandsForItself() {
    String text = KeyText.generate();
    ring.replace(List.of(TestAuthentication.key(7, text, null, "users:read")), System.nanoTime());
    assertThat(name("Bearer " + text)).isEqualTo("key:7");
    assertThat(authentication.identify(List.of("Bearer " + text)).result().scopes().names())
        .containsExactly("users:read");
  }

  @Test
  void whatIsNeitherKeyNorTokenIsRefused() {
    ring.confirmed(System.nanoTime());
    assertThat(refusal()).isEqualTo(Kind.UNAUTHORIZED);
    for (String field :
        List.of(
            "",
            "Bearer",
            "Bearer ",
            "Basic dXNlcjpwYXNz",
            ADMIN,
            "Bearer rck_",
            "Bearer " + KeyText.generate(),
            "Bearer " + "a".repeat(1 << 20),
            "Bearer a." + "b".repeat(1 << 20))) {
      assertThat(refusal(field)).as(field).isEqualTo(Kind.UNAUTHORIZED);
    }
    assertThat(refusal("Bearer " + ADMIN, "Bearer " + ADMIN)).isEqualTo(Kind.UNAUTHORIZED);
  }

  @Test
  void whatHasTheFormOfATokenIsAskedForAsOne() {
    assertThat(name("Bearer a.b.c")).isEqualTo("token a.b.c");
  }

  @Test
  void aKeyThatIsGoneOrExpiredHoldsNoLonger() {
    String gone = KeyText.generate();
    String expired = KeyText.generate();
    ring.replace(
        List.of(
            TestAuthentication.key(1, gone, null, "users:read"),
            TestAuthentication.key(2, expired, Instant.now().minusMillis(1), "users:read")),
        System.nanoTime());
    Principal before = authentication.identify(List.of("Bearer " + gone)).result();
    assertThat(before.holds()).isTrue();
    assertThat(refusal("Bearer " + expired)).isEqualTo(Kind.UNAUTHORIZED);
    ring.replace(List.of(), System.nanoTime());
    assertThat(refusal("Bearer " + gone)).isEqualTo(Kind.UNAUTHORIZED);
    assertThat(before.holds()).as("what it began may not go on").isFalse();
  }

  @Test
  void keysThatCannotBeConfirmedAreNotRefusedForGood() {
    assertThat(refusal("Bearer " + KeyText.generate())).isEqualTo(Kind.UNAVAILABLE);
  }

  @Test
  void aKeyThatStaysIsTheSamePrincipal() {
    String text = KeyText.generate();
    ring.replace(List.of(TestAuthentication.key(1, text, null, "users:read")), System.nanoTime());
    Principal before = authentication.identify(List.of("Bearer " + text)).result();
    ring.replace(List.of(TestAuthentication.key(1, text, null, "users:read")), System.nanoTime());
    assertThat(authentication.identify(List.of("Bearer " + text)).result()).isSameAs(before);
    assertThat(ring.takeUses()).containsOnlyKeys(1L);
    assertThat(ring.takeUses()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 10, 35, 36, 41})
  void aKeyWithAnotherCharacterIsNone(int at) {
    String text = KeyText.generate();
    ring.replace(List.of(TestAuthentication.key(1, text, null, "users:read")), System.nanoTime());
    assertThat(name("Bearer " + text)).isEqualTo("key:1");
    char other = text.charAt(at) == 'a' ? 'b' : 'a';
    String changed = text.substring(0, at) + other + text.substring(at + 1);
    assertThat(refusal("Bearer " + changed)).isEqualTo(Kind.UNAUTHORIZED);
  }

  @Test
  void aKeyEndsWithTheChecksumOfWhatIsRandomInIt() {
    String text = KeyText.generate();
    CRC32 checksum = new CRC32();
    checksum.update(text.substring(4, 36).getBytes(StandardCharsets.US_ASCII));
    String digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    long value = 0;
    for (char digit : text.substring(36).toCharArray()) {
      value = value * digits.length() + digits.indexOf(digit);
    }
    assertThat(text).hasSize(42).startsWith("rck_");
    assertThat(value).isEqualTo(checksum.getValue());
  }

  @Test
  void theScopeOfAllViewsHoldsThatOfEach() {
    Scopes all = Scopes.of(List.of("views:read"));
    Scopes one = Scopes.of(List.of("views:read:profile"));
    assertThat(all.hold("views:read:profile")).isTrue();
    assertThat(one.hold("views:read:profile")).isTrue();
    assertThat(one.hold("views:read")).isFalse();
    assertThat(one.holdSome("views:read")).isTrue();
    assertThat(Scopes.ALL.hold("views:read")).isTrue();
  }
}
