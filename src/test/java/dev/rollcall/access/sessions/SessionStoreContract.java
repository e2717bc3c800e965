package dev.rollcall.access.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.access.KeyHash;
import dev.rollcall.access.sessions.StoredSession.Outcome;
import dev.rollcall.access.sessions.StoredSession.Refresh;
import dev.rollcall.access.sessions.StoredSession.Refreshed;
import dev.rollcall.users.Awaiting;
import dev.rollcall.users.Precondition;
import dev.rollcall.users.StoreHarness;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserStore;
import dev.rollcall.users.UserWrite;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every store of sessions keeps. */
public abstract class SessionStoreContract {

  private static final Instant NOW = Instant.ofEpochMilli(1_800_000_000_123L);
  private static final Duration LIFETIME = Duration.ofMinutes(15);
  private static final long ALICE = 7;
  private static final String HASH = "$argon2id$one";

  private @TempDir Path folder = Path.of("");
  private final Vertx vertx = Vertx.vertx();
  private StoreHarness harness;
  protected UserStore users;
  protected SessionStore sessions;

  protected abstract StoreHarness harness(Path folder);

  /** The sessions of a store that the harness has started. */
  protected abstract SessionStore sessions(UserStore store);

  @BeforeEach
  final void startStore() {
    harness = harness(folder);
    restart();
    await(users.write(new UserWrite.Put(ALICE, draft("Alice"), Precondition.NONE, null)));
    setPassword(ALICE, HASH, null);
  }

  private void restart() {
    users = harness.start(vertx, StoreHarness.Limits.WIDE);
    sessions = sessions(users);
  }

  @AfterEach
  final void stopStore() {
    harness.stop();
    Awaiting.await(vertx.close());
  }

  protected static <T> T await(Future<T> future) {
    return Awaiting.await(future);
  }

  private static UserDraft draft(String name) {
    return new UserDraft(null, name, null, "{}");
  }

  private void setPassword(long id, String hash, @Nullable String replaces) {
    await(users.write(new UserWrite.SetPassword(id, hash, replaces)));
  }

  private static StoredSession session(UUID id, Instant at) {
    return new StoredSession(
        id,
        ALICE,
        0,
        KeyHash.of(id + " 0"),
        at,
        at,
        at.plus(Duration.ofDays(30)),
        at.plus(LIFETIME));
  }

  private UUID start(Instant at) {
    UUID id = UUID.randomUUID();
    assertThat(await(sessions.start(session(id, at), HASH))).isTrue();
    return id;
  }

  private Refreshed refresh(UUID id, int number, Instant at) {
    return await(
        sessions.refresh(
            new Refresh(
                id,
                number,
                KeyHash.of(id + " " + number),
                KeyHash.of(id + " " + (number + 1)),
                at,
                at.plus(Duration.ofDays(30)),
                at.plus(LIFETIME))));
  }

  private List<UUID> ended(long since) {
    return await(sessions.updates(since)).ended().stream().map(EndedSession::id).toList();
  }

  private static SigningKey key(long id, Instant usedFrom) {
    return new SigningKey(
        id, "key " + id, new byte[] {1, (byte) id}, new byte[] {2}, NOW, usedFrom, null);
  }

  private static StoredSession held(Refreshed refreshed) {
    return Objects.requireNonNull(refreshed.session());
  }

  @Test
  void aTokenGivesTheNextOneAndForAMomentTheSameAgain() {
    UUID id = start(NOW);
    Refreshed first = refresh(id, 0, NOW.plusSeconds(60));
    assertThat(first.outcome()).isEqualTo(Outcome.NEXT);
    assertThat(held(first).number()).isOne();
    assertThat(held(first).hash()).isEqualTo(KeyHash.of(id + " 1"));
    Refreshed again = refresh(id, 0, NOW.plusSeconds(70));
    assertThat(again.outcome()).isEqualTo(Outcome.AGAIN);
    assertThat(held(again).refreshedAt()).isEqualTo(NOW.plusSeconds(60));
    assertThat(held(again).expiresAt()).isEqualTo(held(first).expiresAt());
    assertThat(held(again).tokensUntil()).isEqualTo(NOW.plusSeconds(70).plus(LIFETIME));
    assertThat(refresh(id, 1, NOW.plusSeconds(71)).outcome()).isEqualTo(Outcome.NEXT);
    assertThat(ended(0)).isEmpty();
  }

  @Test
  void aTokenThatWasUsedLongAgoEndsItsSession() {
    UUID id = start(NOW);
    UUID other = start(NOW);
    refresh(id, 0, NOW);
    assertThat(refresh(id, 0, NOW.plusMillis(10_001)).outcome()).isEqualTo(Outcome.USED_BEFORE);
    assertThat(refresh(id, 1, NOW.plusMillis(10_002)).outcome()).isEqualTo(Outcome.ENDED);
    assertThat(ended(0)).containsExactly(id);
    assertThat(refresh(other, 0, NOW.plusSeconds(20)).outcome()).isEqualTo(Outcome.NEXT);
  }

  @Test
  void aTokenEndsItsSessionOnceTheNextOneWasUsed() {
    UUID id = start(NOW);
    refresh(id, 0, NOW);
    refresh(id, 1, NOW.plusSeconds(1));
    assertThat(refresh(id, 0, NOW.plusSeconds(2)).outcome()).isEqualTo(Outcome.USED_BEFORE);
    assertThat(ended(0)).containsExactly(id);
  }

  @Test
  void aSessionThatIsNotRefreshedIsOverInTime() {
    UUID id = start(NOW);
    Instant end = NOW.plus(Duration.ofDays(30));
    assertThat(refresh(id, 0, end).outcome()).isEqualTo(Outcome.ENDED);
    await(sessions.prune(end));
    assertThat(refresh(id, 0, end.minusMillis(1)).outcome()).isEqualTo(Outcome.NEXT);
    await(sessions.prune(end.plus(Duration.ofDays(31))));
    assertThat(refresh(id, 1, NOW).outcome()).isEqualTo(Outcome.ENDED);
  }

  @Test
  void aSessionNeedsThePasswordThatIsStored() {
    StoredSession wanted = session(UUID.randomUUID(), NOW);
    assertThat(await(sessions.start(wanted, "$argon2id$other"))).isFalse();
    assertThat(refresh(wanted.id(), 0, NOW).outcome()).isEqualTo(Outcome.ENDED);
    setPassword(ALICE, "$argon2id$two", null);
    assertThat(await(sessions.start(wanted, HASH))).isFalse();
    assertThat(await(sessions.start(wanted, "$argon2id$two"))).isTrue();
    assertThat(await(sessions.start(wanted, "$argon2id$two"))).isTrue();
    assertThat(refresh(wanted.id(), 0, NOW).outcome()).isEqualTo(Outcome.NEXT);
  }

  @Test
  void anotherPasswordEndsAllSessionsOfItsUserAndAnotherHashOfItNone() {
    UUID one = start(NOW);
    UUID two = start(NOW);
    setPassword(ALICE, "$argon2id$stronger", HASH);
    assertThat(ended(0)).isEmpty();
    setPassword(ALICE, "$argon2id$two", null);
    assertThat(ended(0)).containsExactlyInAnyOrder(one, two);
    assertThat(refresh(one, 0, NOW).outcome()).isEqualTo(Outcome.ENDED);
    assertThat(refresh(two, 0, NOW).outcome()).isEqualTo(Outcome.ENDED);
  }

  @Test
  void deletingAUserEndsItsSessions() {
    UUID id = start(NOW);
    await(users.write(new UserWrite.Delete(ALICE, Precondition.NONE, null)));
    assertThat(ended(0)).containsExactly(id);
    assertThat(await(sessions.start(session(UUID.randomUUID(), NOW), HASH))).isFalse();
  }

  @Test
  void endingsAreToldSinceARevisionAndOutliveARestart() {
    UUID one = start(NOW);
    UUID two = start(NOW);
    assertThat(await(sessions.end(one))).isTrue();
    long first = await(sessions.updates(0)).revision();
    assertThat(ended(first)).isEmpty();
    assertThat(await(sessions.end(two))).isTrue();
    SessionUpdates news = await(sessions.updates(first));
    assertThat(news.ended()).containsExactly(new EndedSession(two, NOW.plus(LIFETIME)));
    assertThat(await(sessions.updates(news.revision())).revision()).isEqualTo(news.revision());
    // An earlier state of the database knows less.
    assertThat(ended(news.revision() + 1000)).containsExactlyInAnyOrder(one, two);
    harness.stop();
    restart();
    assertThat(ended(0)).containsExactlyInAnyOrder(one, two);
    assertThat(await(sessions.end(two))).isTrue();
    assertThat(await(sessions.end(UUID.randomUUID()))).isFalse();
    await(sessions.prune(NOW.plus(LIFETIME).plusMillis(1)));
    assertThat(ended(0)).isEmpty();
    assertThat(await(sessions.end(two))).isFalse();
  }

  @Test
  void aUserHasSoManySessionsAndTheStalestEnds() {
    List<UUID> all =
        IntStream.range(0, SessionStore.MOST).mapToObj(i -> start(NOW.plusSeconds(i))).toList();
    refresh(all.get(0), 0, NOW.plusSeconds(500));
    assertThat(ended(0)).isEmpty();
    start(NOW.plusSeconds(501));
    assertThat(ended(0)).containsExactly(all.get(1));
  }

  @Test
  void aKeyIsAddedByWhoeverKnowsTheNewestOne() {
    assertThat(await(sessions.addSigningKey(key(1, NOW), LIFETIME))).isTrue();
    assertThat(await(sessions.addSigningKey(key(1, NOW), LIFETIME))).isFalse();
    Instant later = NOW.plus(Duration.ofDays(30));
    assertThat(await(sessions.addSigningKey(key(2, later), LIFETIME))).isTrue();
    assertThat(await(sessions.addSigningKey(key(2, later), LIFETIME))).isFalse();
    List<SigningKey> keys = await(sessions.updates(0)).keys();
    assertThat(keys).extracting(SigningKey::name).containsExactly("key 1", "key 2");
    assertThat(keys.get(0).until()).isEqualTo(later.plus(LIFETIME).plusSeconds(60));
    assertThat(keys.get(1).until()).isNull();
    assertThat(keys.get(1).publicKey()).containsExactly(1, 2);
    assertThat(keys.get(1).privateKey()).containsExactly(2);
    await(sessions.prune(later.plus(LIFETIME)));
    assertThat(await(sessions.updates(0)).keys()).hasSize(2);
    await(sessions.prune(later.plus(LIFETIME).plusSeconds(61)));
    assertThat(await(sessions.updates(0)).keys())
        .extracting(SigningKey::name)
        .containsExactly("key 2");
  }
}
