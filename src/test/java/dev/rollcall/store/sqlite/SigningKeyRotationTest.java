package dev.rollcall.store.sqlite;

import static dev.rollcall.users.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.access.Principal;
import dev.rollcall.access.TokenText;
import dev.rollcall.access.sessions.IssuedSession;
import dev.rollcall.access.sessions.StoredSessions;
import dev.rollcall.access.sessions.UserSessions;
import dev.rollcall.access.tokens.SignatureChecks;
import dev.rollcall.config.Settings;
import dev.rollcall.config.auth.SessionSettings;
import dev.rollcall.users.Precondition;
import dev.rollcall.users.StoreHarness;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserWrite;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How keys of sessions take turns, at two nodes of one store whose clock is moved. */
class SigningKeyRotationTest {

  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final String HASH = "$argon2id$one";

  /** A clock that stands unless it is moved. */
  private static final class MovedClock extends Clock {
    private volatile Instant now = Instant.now();

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  /** A node: what signs, and what verifies. */
  private record TwoParts(StoredSessions kept, UserSessions sessions) {}

  private @TempDir Path folder = Path.of("");
  private final Vertx vertx = Vertx.vertx();
  private final MovedClock clock = new MovedClock();
  private final List<TwoParts> nodes = new ArrayList<>();
  private SqliteHarness file;
  private SqliteStore store;
  private SessionSettings settings;

  @BeforeEach
  void start() {
    file = new SqliteHarness(folder, 1 << 20);
    store = (SqliteStore) file.start(vertx, StoreHarness.Limits.WIDE);
    UserDraft draft = new UserDraft(null, "A", null, "{}");
    await(store.write(new UserWrite.Put(1, draft, Precondition.NONE, null)));
    await(store.write(new UserWrite.SetPassword(1, HASH, null)));
    settings =
        Settings.of(
                "auth.secret=" + SECRET,
                "auth.sessions.issuer=https://users.example",
                "auth.sessions.audience=rollcall",
                "auth.sessions.rotate=1h")
            .auth()
            .sessions()
            .orElseThrow();
    nodes.add(node(SECRET));
    nodes.add(node(SECRET));
  }

  private TwoParts node(String secret) {
    StoredSessions kept =
        new StoredSessions(vertx, store.tables().sessions(), settings, secret, clock);
    await(kept.start());
    UserSessions sessions =
        new UserSessions(
            vertx, kept, settings, new SignatureChecks(vertx, new SimpleMeterRegistry()), clock);
    await(sessions.follow());
    return new TwoParts(kept, sessions);
  }

  @AfterEach
  void stop() {
    nodes.forEach(node -> node.sessions().close());
    file.stop();
    await(vertx.close());
  }

  private List<String> published(TwoParts node) {
    return node.sessions().publishedKeys().stream()
        .map(key -> key.required("kid").textValue())
        .toList();
  }

  private String token(TwoParts node) {
    IssuedSession issued = await(node.kept().start(1, HASH)).orElseThrow();
    return issued.token();
  }

  private static String keyOf(String token) {
    String header = token.substring(0, token.indexOf('.'));
    byte[] json = Base64.getUrlDecoder().decode(header);
    return new JsonObject(new String(json, StandardCharsets.UTF_8)).getString("kid");
  }

  private boolean holds(TwoParts node, String token) {
    Future<Principal> found = node.sessions().identify(new TokenText(token));
    return found != null && await(found.transform(Future::succeededFuture)).succeeded();
  }

  private void renewEverywhere() {
    nodes.forEach(node -> await(node.kept().renew()));
    nodes.forEach(
        node -> await().untilAsserted(() -> assertThat(published(node)).isEqualTo(stored())));
  }

  private List<String> stored() {
    Instant now = clock.instant();
    return await(store.tables().sessions().updates(0)).keys().stream()
        .filter(key -> key.until() == null || now.isBefore(key.until()))
        .map(key -> key.name())
        .toList();
  }

  @Test
  void aKeyIsPublishedTenMinutesBeforeItSignsAndUntilItsLastTokenHasRunOut() {
    String first = published(nodes.get(0)).get(0);
    assertThat(published(nodes.get(1))).containsExactly(first);
    clock.now = clock.now.plus(Duration.ofMinutes(49));
    renewEverywhere();
    assertThat(published(nodes.get(0))).containsExactly(first);
    clock.now = clock.now.plus(Duration.ofMinutes(1));
    renewEverywhere();
    assertThat(published(nodes.get(0))).hasSize(2).isEqualTo(published(nodes.get(1)));
    String second = published(nodes.get(1)).get(1);
    clock.now = clock.now.plus(Duration.ofMinutes(9));
    String old = token(nodes.get(0));
    assertThat(keyOf(old)).isEqualTo(first);
    clock.now = clock.now.plus(Duration.ofMinutes(1));
    String last = token(nodes.get(1));
    assertThat(keyOf(last)).isEqualTo(second);
    assertThat(nodes).allMatch(node -> holds(node, old) && holds(node, last));
    renewEverywhere();
    clock.now = clock.now.plus(Duration.ofMinutes(13));
    assertThat(nodes).allMatch(node -> holds(node, old));
    assertThat(published(nodes.get(0))).containsExactly(first, second);
    clock.now = clock.now.plus(Duration.ofMinutes(4));
    TwoParts fresh = node(SECRET);
    nodes.add(fresh);
    assertThat(holds(fresh, old) || holds(fresh, last)).isFalse();
    assertThat(published(nodes.get(0))).containsExactly(second);
  }

  @Test
  void withAnotherSecretAnotherKeySignsAtOnceAndTokensGoOn() {
    String old = token(nodes.get(0));
    nodes.add(node(SECRET + "!"));
    String next = token(nodes.get(2));
    assertThat(keyOf(next)).isNotEqualTo(keyOf(old));
    assertThat(holds(nodes.get(2), old)).isTrue();
    await().until(() -> holds(nodes.get(0), next));
  }

  @Test
  void thePrivateKeyIsNowhereInClear() {
    byte[] stored = await(store.tables().sessions().updates(0)).keys().get(0).privateKey();
    // The form, a nonce, 32 bytes encrypted, a tag.
    assertThat(stored).hasSize(1 + 12 + 32 + 16);
    assertThat(await(nodes.get(0).kept().updates(0)).keys().get(0).privateKey()).isEmpty();
  }
}
