package dev.rollcall.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import dev.rollcall.users.User;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Loads that a test completes by hand, so that they end before or after the writer comes. */
class UserCacheTest {

  private static CompletableFuture<User> noLoad(long id, Cancellation all) {
    throw new AssertionError("loaded again: " + id);
  }

  private static UserCache cache(long capacity) {
    return new UserCache(capacity, new SimpleMeterRegistry());
  }

  private static User user(long seq) {
    return User.of(1, "A", null, "{}", seq, Instant.EPOCH, Instant.EPOCH, seq);
  }

  /** A load that found nobody. */
  private static void completeWithNobody(CompletableFuture<@Nullable User> load) {
    load.complete(null);
  }

  private static long seqOf(CompletableFuture<User> answer) {
    return answer.join().seq();
  }

  @Test
  void aLateLoadDoesNotReplaceWhatTheWriterPut() {
    UserCache cache = cache(1 << 20);
    CompletableFuture<User> load = new CompletableFuture<>();
    CompletableFuture<User> early = cache.get(1, new Cancellation(), (id, all) -> load);
    cache.put(user(2));
    assertThat(seqOf(cache.get(1, new Cancellation(), UserCacheTest::noLoad))).isEqualTo(2);
    load.complete(user(1));
    assertThat(seqOf(early)).as("who asked before the write").isEqualTo(1);
    assertThat(seqOf(cache.get(1, new Cancellation(), UserCacheTest::noLoad))).isEqualTo(2);
    assertThat(cache.present(1)).isEqualTo(user(2));
  }

  @Test
  void whoIsWrittenAndReadByNobodyIsNotKept() {
    UserCache cache = cache(1 << 20);
    cache.put(user(1));
    assertThat(cache.present(1)).isNull();
    var unused =
        cache.get(1, new Cancellation(), (id, all) -> CompletableFuture.completedFuture(user(1)));
    cache.put(user(2));
    assertThat(cache.present(1)).isEqualTo(user(2));
  }

  @Test
  void aLateLoadDoesNotBringBackWhatTheWriterForgot() {
    UserCache cache = cache(1 << 20);
    CompletableFuture<User> load = new CompletableFuture<>();
    CompletableFuture<User> early = cache.get(1, new Cancellation(), (id, all) -> load);
    cache.forget(1);
    load.complete(user(1));
    assertThat(seqOf(early)).isEqualTo(1);
    assertThat(cache.present(1)).isNull();
    assertThat(
            seqOf(
                cache.get(
                    1,
                    new Cancellation(),
                    (id, all) -> CompletableFuture.completedFuture(user(3)))))
        .isEqualTo(3);
  }

  @Test
  void aLateLoadDoesNotSurviveAClearing() {
    UserCache cache = cache(1 << 20);
    CompletableFuture<User> load = new CompletableFuture<>();
    CompletableFuture<User> early = cache.get(1, new Cancellation(), (id, all) -> load);
    User other = User.of(2, "B", null, "{}", 1, Instant.EPOCH, Instant.EPOCH, 2);
    var unused =
        cache.get(2, new Cancellation(), (id, all) -> CompletableFuture.completedFuture(other));
    assertThat(cache.present(2)).isEqualTo(other);
    cache.clear();
    load.complete(user(1));
    assertThat(seqOf(early)).isEqualTo(1);
    assertThat(cache.present(1)).isNull();
    assertThat(cache.present(2)).isNull();
  }

  @Test
  void aLateLoadOfNobodyDoesNotHideAUserWhoWasCreatedMeanwhile() {
    UserCache cache = cache(1 << 20);
    CompletableFuture<User> load = new CompletableFuture<>();
    CompletableFuture<User> early = cache.get(1, new Cancellation(), (id, all) -> load);
    cache.put(user(1));
    completeWithNobody(load);
    assertThat(early.join()).isNull();
    assertThat(cache.present(1)).isEqualTo(user(1));
  }

  @Test
  void aLateFailureDoesNotHideAUser() {
    UserCache cache = cache(1 << 20);
    CompletableFuture<User> load = new CompletableFuture<>();
    CompletableFuture<User> early = cache.get(1, new Cancellation(), (id, all) -> load);
    cache.put(user(1));
    load.completeExceptionally(new IllegalStateException());
    assertThat(early).isCompletedExceptionally();
    assertThat(cache.present(1)).isEqualTo(user(1));
  }

  @Test
  void loadsOfOneIdAreJoined() {
    UserCache cache = cache(1 << 20);
    CompletableFuture<User> load = new CompletableFuture<>();
    CompletableFuture<User> one = cache.get(1, new Cancellation(), (id, all) -> load);
    CompletableFuture<User> other = cache.get(1, new Cancellation(), UserCacheTest::noLoad);
    assertThat(cache.present(1)).as("while it is loaded").isNull();
    load.complete(user(1));
    assertThat(seqOf(one)).isEqualTo(seqOf(other));
    assertThat(cache.present(1)).isEqualTo(user(1));
  }

  @Test
  void nobodyIsNotKept() {
    UserCache cache = cache(1 << 20);
    CompletableFuture<User> load = new CompletableFuture<>();
    CompletableFuture<User> answer = cache.get(1, new Cancellation(), (id, all) -> load);
    completeWithNobody(load);
    assertThat(answer.join()).isNull();
    assertThat(
            seqOf(
                cache.get(
                    1,
                    new Cancellation(),
                    (id, all) -> CompletableFuture.completedFuture(user(1)))))
        .isEqualTo(1);
  }

  @Test
  void aFailureReachesTheCallerAsItIsAndIsNotKept() {
    UserCache cache = cache(1 << 20);
    Failure failure = Failure.of(Failure.Kind.UNAVAILABLE, "failed by a test");
    CompletableFuture<User> answer =
        cache.get(1, new Cancellation(), (id, all) -> CompletableFuture.failedFuture(failure));
    assertThat(answer.handle((user, fault) -> fault).join()).isSameAs(failure);
    assertThat(
            seqOf(
                cache.get(
                    1,
                    new Cancellation(),
                    (id, all) -> CompletableFuture.completedFuture(user(1)))))
        .isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 400})
  void aSmallCacheForgetsButNeverGoesBack(long capacity) {
    UserCache cache = cache(capacity);
    for (long seq = 1; seq <= 100; seq++) {
      long newest = seq;
      CompletableFuture<User> load = new CompletableFuture<>();
      CompletableFuture<User> early = cache.get(1, new Cancellation(), (id, all) -> load);
      cache.put(user(newest));
      load.complete(user(newest));
      assertThat(seqOf(early)).isBetween(newest - 1, newest);
      User present = cache.present(1);
      assertThat(present == null || present.seq() == newest).isTrue();
    }
  }

  @Test
  void aLoadIsGivenUpOnceNoneOfThoseWhoJoinedItWantsItAnyMore() {
    UserCache cache = cache(1 << 20);
    CompletableFuture<User> load = new CompletableFuture<>();
    Cancellation one = new Cancellation();
    Cancellation other = new Cancellation();
    List<Cancellation> all = new ArrayList<>();
    assertThat(
            cache.get(
                1,
                one,
                (id, joined) -> {
                  all.add(joined);
                  return load;
                }))
        .isNotDone();
    CompletableFuture<User> late = cache.get(1, other, UserCacheTest::noLoad);
    one.cancel();
    assertThat(all.get(0).cancelled()).as("while another one waits").isFalse();
    other.cancel();
    assertThat(all.get(0).cancelled()).isTrue();
    CompletableFuture<User> anew =
        cache.get(
            1, new Cancellation(), (id, joined) -> CompletableFuture.completedFuture(user(2)));
    assertThat(seqOf(anew)).as("who comes later does not join it").isEqualTo(2);
    load.complete(user(1));
    assertThat(seqOf(late)).isEqualTo(1);
    assertThat(cache.present(1)).isEqualTo(user(2));
  }

  @Test
  void whoComesWhileALoadIsGivenUpDoesNotGetTheFailureOfThoseWhoLeft() {
    UserCache cache = cache(1 << 20);
    Cancellation one = new Cancellation();
    List<CompletableFuture<User>> later = new ArrayList<>();
    var unused =
        cache
            .get(
                1,
                one,
                (id, all) -> {
                  CompletableFuture<User> load = new CompletableFuture<>();
                  all.whenCancelled(() -> load.completeExceptionally(new IllegalStateException()));
                  return load;
                })
            // Runs before the cache has thrown the failed load out.
            .whenComplete(
                (user, fault) ->
                    later.add(
                        cache.get(
                            1,
                            new Cancellation(),
                            (id, all) -> CompletableFuture.completedFuture(user(2)))));
    one.cancel();
    assertThat(later).hasSize(1);
    assertThat(seqOf(later.get(0))).isEqualTo(2);
  }
}
