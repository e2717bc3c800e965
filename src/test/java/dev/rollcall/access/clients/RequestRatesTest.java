package dev.rollcall.access.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.access.Authentication;
import dev.rollcall.access.Principal;
import dev.rollcall.access.Scopes;
import dev.rollcall.base.ClientAddress;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.config.HttpSettings.Rate;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class RequestRatesTest {
  private static final ClientAddress ONE = ClientAddress.of("192.0.2.1");
  private static final ClientAddress OTHER = ClientAddress.of("192.0.2.2");

  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
  private final RequestRates rates =
      new RequestRates(Optional.of(new Rate(500, 1_000)), clock::get);

  private MultiMap headers = MultiMap.caseInsensitiveMultiMap();

  private static Future<Principal> caller(String name) {
    return Future.succeededFuture(new Principal(name, Scopes.NONE, Long.MAX_VALUE));
  }

  private boolean passes(RequestRates by, Future<Principal> caller, ClientAddress from) {
    headers = MultiMap.caseInsensitiveMultiMap();
    Failure refusal = by.count(caller, from, headers);
    if (refusal != null) {
      assertThat(refusal.kind()).isEqualTo(Kind.TOO_MANY_REQUESTS);
      assertThat(refusal.members().get("retryAfter"))
          .asInstanceOf(InstanceOfAssertFactories.LONG)
          .isPositive();
    }
    return refusal == null;
  }

  private int passed(RequestRates by, Future<Principal> caller, ClientAddress from, int asked) {
    int passed = 0;
    for (int i = 0; i < asked; i++) {
      passed += passes(by, caller, from) ? 1 : 0;
    }
    return passed;
  }

  @Test
  void aCallerHasABurstAndThenItsRate() {
    assertThat(passes(rates, caller("key:1"), ONE)).isTrue();
    assertThat(headers.get("RateLimit-Policy")).isEqualTo("\"caller\";q=1000;w=2");
    assertThat(headers.get("RateLimit")).isEqualTo("\"caller\";r=999;t=1");
    assertThat(passed(rates, caller("key:1"), ONE, 2_000)).isEqualTo(999);
    assertThat(headers.get("RateLimit")).isEqualTo("\"caller\";r=0;t=2");
    clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
    assertThat(passed(rates, caller("key:1"), ONE, 2_000)).isEqualTo(500);
    clock.addAndGet(TimeUnit.HOURS.toNanos(1));
    assertThat(passed(rates, caller("key:1"), ONE, 2_000)).isEqualTo(1_000);
  }

  @Test
  void callersAreCountedApartWhereverTheyAskFrom() {
    assertThat(passed(rates, caller("key:1"), ONE, 2_000)).isEqualTo(1_000);
    assertThat(passes(rates, caller("key:1"), OTHER)).isFalse();
    assertThat(passes(rates, caller("key:2"), ONE)).isTrue();
    assertThat(passes(rates, Future.succeededFuture(Principal.ANYBODY), ONE)).isTrue();
  }

  @Test
  void whoDoesNotSayWhoItIsIsCountedByItsAddress() {
    Future<Principal> anybody = Future.succeededFuture(Principal.ANYBODY);
    assertThat(passed(rates, anybody, ONE, 2_000)).isEqualTo(1_000);
    assertThat(passes(rates, anybody, OTHER)).isTrue();
  }

  @Test
  void credentialsThatDoNotHoldAreSlowedWithoutARate() {
    RequestRates none = new RequestRates(Optional.empty(), clock::get);
    assertThat(none.concern(caller("key:1"))).as("one that holds never is").isFalse();
    assertThat(none.concern(Future.failedFuture(Authentication.refused()))).isTrue();
    for (int i = 0; i < 100; i++) {
      assertThat(none.slowDown(Authentication.refused(), ONE)).isZero();
    }
    for (int i = 1; i <= 20; i++) {
      assertThat(none.slowDown(Authentication.refused(), ONE)).isEqualTo(i * 100L);
    }
    assertThatThrownBy(() -> none.slowDown(Authentication.refused(), ONE))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Kind.TOO_MANY_REQUESTS));
    assertThat(none.slowDown(Authentication.refused(), OTHER)).isZero();
    Failure missing = Failure.of(Kind.UNAUTHORIZED, "a key or a token is needed");
    assertThat(none.slowDown(missing, ONE)).isZero();
    clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
    assertThat(none.slowDown(Authentication.refused(), ONE)).isEqualTo(1_100);
    assertThat(headers).as("nothing is said of a rate").isEmpty();
  }
}
