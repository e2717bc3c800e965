package dev.rollcall.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoggedTargetTest {

  @ParameterizedTest
  @CsvSource({
    "/users/42, /users/42",
    "/users?limit=7&after=dTE6NDI&id=1&id=2, /users?limit=7&after=dTE6NDI&id=1&id=2",
    "/users?email=alice@example.org, /users?email=*",
    "/users?email=alice%40example.org&limit=1, /users?email=*&limit=1",
    "/users?name=Alice, /users?name=*",
    "/users?e%6dail=alice@example.org, /users?*=*",
    "/users?alice@example.org, /users?*",
    "/users?limit=alice@example.org, /users?limit=*",
    "/users?id=alice%40example.org, /users?id=*",
    "/users?x, /users?x",
    "/users?, /users?",
    "/users?a=b=c@d&&=, /users?a=*&&=*",
    "/users?email=a?email=b@c, /users?email=*",
    "/users#alice@example.org, /users#*",
    "/users/alice@example.org, /users/*",
    "/users/alice%40example.org/views/profile, /users/*/views/profile",
    "/users/alice%2540example.org, /users/*",
    "http://alice@example.org/users, http://*/users",
    "*, *"
  })
  void whoWasLookedForIsNotShown(String target, String shown) {
    assertThat(LoggedTarget.of(target)).isEqualTo(shown);
  }

  @Test
  void whatHidesNothingIsNotCopied() {
    String target = "/users/42";
    assertThat(LoggedTarget.of(target)).isSameAs(target);
  }
}
