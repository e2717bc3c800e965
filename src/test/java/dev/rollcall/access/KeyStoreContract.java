package dev.rollcall.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Failure.Kind;
import dev.rollcall.users.Awaiting;
import dev.rollcall.users.StoreHarness;
import dev.rollcall.users.UserStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every store of keys keeps. */
public abstract class KeyStoreContract {

  private static final Instant NOW = Instant.ofEpochMilli(1_800_000_000_123L);
  private static final Scopes SOME =
      Scopes.of(List.of("users:read", "views:read:profile", "bus:app.Zo'%$1"));

  private @TempDir Path folder = Path.of("");
  private final Vertx vertx = Vertx.vertx();
  private StoreHarness harness;
  protected KeyStore keys;

  protected abstract StoreHarness harness(Path folder);

  /** The keys of a store that the harness has started. */
  protected abstract KeyStore keys(UserStore store);

  @BeforeEach
  final void startStore() {
    harness = harness(folder);
    keys = keys(harness.start(vertx, StoreHarness.Limits.WIDE));
  }

  @AfterEach
  final void stopStore() {
    harness.stop();
    Awaiting.await(vertx.close());
  }

  protected static <T> T await(Future<T> future) {
    return Awaiting.await(future);
  }

  private static NewKey named(String name, @Nullable String by) {
    return new NewKey(name, SOME, KeyHash.of(name), NOW, null, by);
  }

  private ApiKey add(String name, @Nullable String by) {
    return await(keys.addKey(named(name, by)));
  }

  private ApiKey add(String name) {
    return add(name, null);
  }

  private List<Long> ids() {
    return await(keys.allKeys()).stream().map(ApiKey::id).toList();
  }

  private Kind failure(Future<?> answer) {
    return Awaiting.failureOf(answer).kind();
  }

  @Test
  void aKeyIsReadAsItWasMadeAlsoAfterARestart() {
    Instant end = NOW.plus(Duration.ofDays(365));
    ApiKey first =
        await(keys.addKey(new NewKey("Zoë ' \uD83D\uDE80", SOME, KeyHash.of("1"), NOW, end, null)));
    ApiKey second =
        await(
            keys.addKey(
                new NewKey("b", Scopes.ALL, KeyHash.of("2"), NOW, null, "issuer:corp:Zoë")));
    assertThat(first)
        .isEqualTo(
            new ApiKey(
                first.id(), "Zoë ' \uD83D\uDE80", SOME, KeyHash.of("1"), NOW, end, null, null));
    assertThat(await(keys.allKeys())).containsExactly(first, second);
    harness.stop();
    keys = keys(harness.start(vertx, StoreHarness.Limits.WIDE));
    assertThat(await(keys.allKeys())).containsExactly(first, second);
  }

  @Test
  void aPageBeginsBehindAnIdAndHasAtMostSoMany() {
    List<Long> made = IntStream.range(0, 5).mapToObj(i -> add("key " + i).id()).toList();
    assertThat(await(keys.keys(made.get(1), 2)))
        .extracting(ApiKey::id)
        .containsExactly(made.get(2), made.get(3));
    assertThat(await(keys.keys(made.get(4), 2))).isEmpty();
    assertThat(ids()).isEqualTo(made);
  }

  @Test
  void idsAreNeverUsedAgain() {
    long first = add("a").id();
    long second = add("b").id();
    assertThat(first).isPositive();
    assertThat(await(keys.deleteKey(second))).isTrue();
    harness.stop();
    keys = keys(harness.start(vertx, StoreHarness.Limits.WIDE));
    assertThat(add("c").id()).isGreaterThan(second);
  }

  @Test
  void theRevisionIsAnotherOneAfterEachKeyThatIsMadeOrDeleted() {
    Set<Long> seen = new HashSet<>();
    seen.add(await(keys.keyRevision()));
    ApiKey key = add("a");
    seen.add(await(keys.keyRevision()));
    await(keys.keysUsed(Map.of(key.id(), NOW)));
    assertThat(seen).contains(await(keys.keyRevision()));
    await(keys.deleteKey(key.id()));
    seen.add(await(keys.keyRevision()));
    assertThat(seen).hasSize(3);
  }

  @Test
  void aCallThatIsRepeatedMakesOneKey() {
    ApiKey key = add("a");
    assertThat(add("a")).isEqualTo(key);
    assertThat(ids()).containsExactly(key.id());
  }

  @Test
  void aDeletedKeyIsGoneAndDeletingItAgainDoesNothing() {
    ApiKey gone = add("a");
    ApiKey stays = add("b");
    assertThat(await(keys.deleteKey(gone.id()))).isTrue();
    assertThat(await(keys.deleteKey(gone.id()))).isFalse();
    assertThat(await(keys.deleteKey(Long.MAX_VALUE))).isFalse();
    assertThat(ids()).containsExactly(stays.id());
  }

  @Test
  void whatAKeyMadeEndsWithItAndSoOn() {
    ApiKey top = add("top", "admin");
    ApiKey child = add("child", top.principal());
    ApiKey grandchild = add("grandchild", child.principal());
    ApiKey other = add("other", "admin");
    ApiKey otherChild = add("other's child", other.principal());
    // Not of a key: who made it is only called nearly so.
    ApiKey namesake = add("namesake", "issuer:key:" + top.id());
    await(keys.deleteKey(child.id()));
    assertThat(ids()).doesNotContain(child.id(), grandchild.id()).contains(top.id());
    add("another child", top.principal());
    await(keys.deleteKey(top.id()));
    assertThat(ids()).containsExactly(other.id(), otherChild.id(), namesake.id());
  }

  @Test
  void aKeyThatIsGoneMakesNoOther() {
    ApiKey maker = add("a");
    await(keys.deleteKey(maker.id()));
    assertThat(failure(keys.addKey(named("b", maker.principal())))).isEqualTo(Kind.UNAUTHORIZED);
    assertThat(ids()).isEmpty();
    assertThat(add("c").id()).as("the store goes on").isPositive();
  }

  @Test
  void lastUseOnlyEverGetsLater() {
    ApiKey key = add("a");
    ApiKey other = add("b");
    Instant later = NOW.plusSeconds(60);
    await(keys.keysUsed(Map.of(key.id(), later, 4711L, later)));
    await(keys.keysUsed(Map.of(key.id(), NOW, other.id(), NOW)));
    await(keys.keysUsed(Map.of()));
    assertThat(await(keys.allKeys())).extracting(ApiKey::lastUsedAt).containsExactly(later, NOW);
  }

  @Test
  void manyUsesAreNotedAtOnce() {
    Map<Long, Instant> uses = new HashMap<>();
    LongStream.range(0, 1001).forEach(id -> uses.put(1_000_000 + id, NOW));
    ApiKey key = add("a");
    uses.put(key.id(), NOW);
    await(keys.keysUsed(uses));
    assertThat(await(keys.allKeys())).extracting(ApiKey::lastUsedAt).containsExactly(NOW);
  }

  @Test
  void keysThatExpiredLongAgoMakeRoomForANewOne() {
    Instant then = NOW.minus(Duration.ofDays(31));
    await(keys.addKey(new NewKey("old", SOME, KeyHash.of("old"), then, then.plusSeconds(1), null)));
    ApiKey recent =
        await(
            keys.addKey(
                new NewKey(
                    "recent", SOME, KeyHash.of("r"), then, NOW.minus(Duration.ofDays(29)), null)));
    ApiKey key = add("new");
    assertThat(ids()).containsExactly(recent.id(), key.id());
  }
}
