package dev.rollcall.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.users.Awaiting;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeyFollowerTest {
  private final Vertx vertx = Vertx.vertx();
  private final KeyRing ring = new KeyRing();
  private final Kept store = new Kept();
  private final KeyFollower follower = new KeyFollower(vertx, store, ring);
  private final String text = KeyText.generate();
  private final ApiKey key = TestAuthentication.key(1, text, null, "users:read");

  /** A store that answers when it is told to, or at once. */
  private static final class Kept implements KeyStore {
    private final ConcurrentLinkedDeque<Promise<Long>> asked = new ConcurrentLinkedDeque<>();
    private final List<Map<Long, Instant>> uses = new ArrayList<>();
    private volatile boolean holds;
    private volatile @Nullable Failure failure;
    private volatile long revision;
    private volatile List<ApiKey> keys = List.of();

    @Override
    public Future<Long> keyRevision() {
      Failure fails = failure;
      if (fails != null) {
        return Future.failedFuture(fails);
      }
      Promise<Long> answer = Promise.promise();
      if (holds) {
        asked.add(answer);
      } else {
        answer.complete(revision);
      }
      return answer.future();
    }

    @Override
    public Future<List<ApiKey>> keys(long after, int limit) {
      return Future.succeededFuture(
          keys.stream().filter(key -> key.id() > after).limit(limit).toList());
    }

    @Override
    public Future<ApiKey> addKey(NewKey wanted) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Future<Boolean> deleteKey(long id) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Future<Void> keysUsed(Map<Long, Instant> lastUsedAt) {
      uses.add(lastUsedAt);
      return Future.succeededFuture();
    }
  }

  @AfterEach
  void close() {
    Awaiting.await(vertx.close());
  }

  private @Nullable Future<Principal> found() {
    return ring.find(KeyHash.of(text));
  }

  @Test
  void whatChangesIsFollowed() {
    Awaiting.await(follower.follow());
    assertThat(found()).isNull();
    store.keys = List.of(key);
    store.revision = -7;
    await().until(() -> found() != null);
    Principal caller = Objects.requireNonNull(found()).result();
    store.keys = List.of();
    store.revision = 5;
    await().until(() -> !caller.holds());
    assertThat(found()).isNull();
  }

  @Test
  void whoAsksWhileTheStoreIsAskedGetsTheAnswerAfterThat() {
    store.holds = true;
    Future<Void> first = follower.refresh();
    Future<Void> second = follower.refresh();
    Future<Void> third = follower.refresh();
    assertThat(store.asked).hasSize(1);
    store.asked.remove().complete(1L);
    Awaiting.await(first);
    assertThat(second.isComplete()).isFalse();
    store.keys = List.of(key);
    store.asked.remove().complete(2L);
    Awaiting.await(second);
    Awaiting.await(third);
    assertThat(found()).isNotNull();
    assertThat(store.asked).isEmpty();
  }

  @Test
  void aStoreThatFailsAtTheStartIsAskedAgain() {
    store.failure = Failure.of(Kind.UNAVAILABLE, "no answer");
    assertThat(Awaiting.failureOf(follower.follow()).kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(Awaiting.failureOf(Objects.requireNonNull(found())).kind())
        .isEqualTo(Kind.UNAVAILABLE);
    store.keys = List.of(key);
    store.failure = null;
    await().until(() -> Objects.requireNonNull(found()).succeeded());
  }

  @Test
  void keysAreTrustedForTenSecondsFromWhenTheStoreWasAsked() {
    long now = System.nanoTime();
    ring.replace(List.of(key), now - TimeUnit.SECONDS.toNanos(11));
    assertThat(Awaiting.failureOf(Objects.requireNonNull(found())).kind())
        .isEqualTo(Kind.UNAVAILABLE);
    ring.confirmed(now);
    assertThat(Objects.requireNonNull(found()).succeeded()).isTrue();
  }

  @Test
  void usesAreNotedOnceAtTheEnd() {
    store.keys = List.of(key);
    Awaiting.await(follower.follow());
    assertThat(found()).isNotNull();
    assertThat(found()).isNotNull();
    Awaiting.await(follower.end());
    Awaiting.await(follower.end());
    assertThat(store.uses).hasSize(1).allSatisfy(each -> assertThat(each).containsOnlyKeys(1L));
  }
}
