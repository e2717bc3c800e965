package dev.rollcall.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Failure;
import dev.rollcall.config.Settings;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That what is remembered of a credential is how it reads, and never whether it holds. */
class RecentCredentialsTest {

  private static final String ADMIN = "0123456789abcdef0123456789abcdef";

  private final KeyRing ring = new KeyRing();
  private final List<String> asked = new ArrayList<>();
  private final Authentication authentication =
      new Authentication(
          Settings.of("auth.kind=required", "auth.adminKey=" + ADMIN).auth(),
          ring,
          token -> {
            asked.add(token.text());
            return token.text().startsWith("good")
                ? Future.succeededFuture(new Principal(token.text(), Scopes.ALL, Long.MAX_VALUE))
                : Future.failedFuture(Authentication.refused());
          });
  private final RecentCredentials recent = new RecentCredentials(authentication);

  private String name(String field) {
    return String.valueOf(recent.identify(List.of(field)).result().name());
  }

  private boolean isRefused(String field) {
    return recent.identify(List.of(field)).cause() instanceof Failure;
  }

  @Test
  void aKeyThatIsRevokedHoldsNoLonger() {
    String text = KeyText.generate();
    String field = "Bearer " + text;
    ring.replace(List.of(TestAuthentication.key(7, text, null, "users:read")), System.nanoTime());
    assertThat(name(field)).isEqualTo("key:7");
    assertThat(name(String.valueOf(field.toCharArray()))).isEqualTo("key:7");
    ring.replace(List.of(), System.nanoTime());
    assertThat(isRefused(field)).isTrue();
    assertThat(isRefused("Bearer " + ADMIN)).isFalse();
  }

  @Test
  void eachTokenIsAskedForEachTime() {
    assertThat(name("Bearer good.1")).isEqualTo("good.1");
    assertThat(name("Bearer good.1")).isEqualTo("good.1");
    assertThat(isRefused("Bearer bad.1")).isTrue();
    assertThat(asked).containsExactly("good.1", "good.1", "bad.1");
  }

  @Test
  void nothingIsFoundOutToRecallOne() {
    assertThat(recent.recall("Bearer good.1")).isNull();
    assertThat(recent.recall(null)).isNull();
    assertThat(asked).isEmpty();
    assertThat(name("Bearer good.1")).isEqualTo("good.1");
    assertThat(String.valueOf(recent.recall("Bearer good.1"))).isEqualTo("good.1");
    assertThat(recent.recall("Bearer good.2")).isNull();
    assertThat(isRefused("Bearer bad.1")).isTrue();
    assertThat(recent.recall("Bearer bad.1")).isNull();
  }

  /** They fall into one place, since their ends are alike. */
  @Test
  void credentialsOfOneEndAreTwo() {
    String end = "e".repeat(40);
    for (int round = 0; round < 3; round++) {
      assertThat(name("Bearer good.1" + end)).isEqualTo("good.1" + end);
      assertThat(name("Bearer good.2" + end)).isEqualTo("good.2" + end);
      assertThat(isRefused("Basic good.1" + end)).isTrue();
    }
    String other = ADMIN.replace("0", "1");
    assertThat(name("Bearer " + ADMIN)).isEqualTo("admin");
    assertThat(isRefused("Bearer " + other)).isTrue();
    assertThat(name("bearer " + ADMIN)).isEqualTo("admin");
  }

  @Test
  void aLongOneIsReadEachTime() {
    String token = "good." + "x".repeat(5_000);
    assertThat(name("Bearer " + token)).isEqualTo(token);
    assertThat(name("Bearer " + token)).isEqualTo(token);
    assertThat(isRefused("Bearer good." + "x".repeat(20_000))).isTrue();
  }
}
