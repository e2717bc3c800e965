package dev.rollcall.access.tokens;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.access.Principal;
import dev.rollcall.access.Scopes;
import dev.rollcall.access.TokenText;
import io.vertx.core.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tokens that are asked for again and again by one object, as event loops do. */
class RememberedTokensTest {

  private static final int OFTEN = 1000;

  private final RememberedTokens<String> remembered = new RememberedTokens<>(100_000);
  private final TokenText token = new TokenText("one.and.only");

  private static Principal principal(long expiresAt) {
    return Principal.ofIssuer("somebody", Scopes.NONE, expiresAt);
  }

  private Principal hold(long expiresAt) {
    Principal principal = principal(expiresAt);
    remembered.hold(new TokenText(token.text()), "a key", principal);
    return principal;
  }

  private Future<Principal> found() {
    return requireNonNull(remembered.find(token));
  }

  @Test
  void oneThatHoldsIsFoundHoweverOftenItIsAskedFor() {
    Principal principal = hold(Long.MAX_VALUE);
    for (int i = 0; i < OFTEN; i++) {
      assertThat(found().result()).isSameAs(principal);
    }
  }

  @Test
  void oneWhoseKeyIsGoneIsNotFoundByTheObjectThatFoundItBefore() {
    Principal principal = hold(Long.MAX_VALUE);
    assertThat(found().succeeded()).isTrue();
    remembered.end(by -> by.equals("another key"));
    assertThat(found().succeeded()).isTrue();
    remembered.end(by -> by.equals("a key"));
    assertThat(remembered.find(token)).isNull();
    assertThat(principal.holds()).isFalse();
  }

  @Test
  void oneThatWasRevokedOrHasExpiredIsRefusedAtOnce() {
    Principal revoked = hold(Long.MAX_VALUE);
    assertThat(found().succeeded()).isTrue();
    revoked.revoke();
    assertThat(found().failed()).isTrue();
    // Another one takes its place, as after its key was published again.
    long end = System.currentTimeMillis() + 50;
    Principal expiring = hold(end);
    while (found().succeeded()) {
      assertThat(expiring.holds() || System.currentTimeMillis() >= end).isTrue();
    }
    assertThat(System.currentTimeMillis()).isGreaterThanOrEqualTo(end);
    assertThat(found().cause()).hasMessageContaining("expired");
  }

  /** Since nobody ends what is remembered nowhere. */
  @Test
  void oneThatWasForgottenForWantOfRoomIsNotFoundByTheObjectThatFoundItBefore() {
    hold(Long.MAX_VALUE);
    assertThat(found().succeeded()).isTrue();
    Scopes many = Scopes.of(IntStream.range(0, OFTEN).mapToObj(i -> "scope:" + i).toList());
    Principal large = Principal.ofIssuer("somebody", many, Long.MAX_VALUE);
    remembered.hold(new TokenText(token.text()), "a key", large);
    assertThat(remembered.find(new TokenText(token.text()))).isNull();
    assertThat(remembered.find(token)).isNull();
  }

  @Test
  void oneThatOneMemoryHoldsIsNotHeldByAnother() {
    hold(Long.MAX_VALUE);
    assertThat(found().succeeded()).isTrue();
    assertThat(new RememberedTokens<String>(100_000).find(token)).isNull();
  }
}
