package dev.rollcall.store.remote;

import static dev.rollcall.users.Awaiting.await;
import static dev.rollcall.users.Awaiting.failureOf;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.access.Principal;
import dev.rollcall.access.TokenText;
import dev.rollcall.access.sessions.IssuedSession;
import dev.rollcall.access.sessions.Sessions;
import dev.rollcall.access.sessions.StoredSessions;
import dev.rollcall.access.sessions.UserSessions;
import dev.rollcall.access.tokens.SignatureChecks;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.budgets.InboundBudgets;
import dev.rollcall.budgets.OutboundBudgets;
import dev.rollcall.bus.BusLimits;
import dev.rollcall.bus.StoreVerticle;
import dev.rollcall.config.Settings;
import dev.rollcall.config.auth.SessionSettings;
import dev.rollcall.store.sqlite.SqliteStore;
import dev.rollcall.users.Precondition;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserWrite;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions at a node without a store, which another one keeps. */
class RemoteSessionsTest {

  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final String HASH = "$argon2id$one";

  private final Vertx vertx = Vertx.vertx();
  private final Settings settings =
      Settings.of(
          "auth.secret=" + SECRET,
          "auth.sessions.issuer=https://users.example",
          "auth.sessions.audience=rollcall");
  private final SessionSettings declared = settings.auth().sessions().orElseThrow();
  private SqliteStore store;
  private StoredSessions kept;

  @BeforeEach
  void openStore(@TempDir Path folder) {
    store =
        SqliteStore.open(
            vertx,
            new SqliteStore.Options(
                folder.resolve("users.db"),
                2,
                1000,
                1 << 20,
                1 << 20,
                Duration.ofDays(1),
                Long.MAX_VALUE),
            new SimpleMeterRegistry());
    UserDraft draft = new UserDraft(null, "A", null, "{}");
    await(store.write(new UserWrite.Put(1, draft, Precondition.NONE, null)));
    await(store.write(new UserWrite.SetPassword(1, HASH, null)));
    kept =
        new StoredSessions(vertx, store.tables().sessions(), declared, SECRET, Clock.systemUTC());
    await(kept.start());
  }

  @AfterEach
  void close() throws IOException {
    kept.close();
    store.close();
    await(vertx.close());
  }

  private Sessions remote(Optional<Sessions> served) {
    BusLimits limits =
        new BusLimits(
            settings.bus(),
            OutboundBudgets.roomy(),
            InboundBudgets.roomy(),
            new SimpleMeterRegistry(),
            null);
    await(
        vertx.deployVerticle(
            new StoreVerticle(
                store,
                store.tables().keys(),
                store.tables().cursors(),
                served,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true,
                limits,
                Duration.ofSeconds(1))));
    return await(RemoteStore.open(vertx, Duration.ofSeconds(20))).tables().sessions();
  }

  @Test
  void aNodeWithoutAStoreBeginsRefreshesVerifiesAndEndsSessions() {
    Sessions remote = remote(Optional.of(kept));
    UserSessions node =
        new UserSessions(
            vertx,
            remote,
            declared,
            new SignatureChecks(vertx, new SimpleMeterRegistry()),
            Clock.systemUTC());
    await(node.follow());
    IssuedSession issued = await(node.start(1, HASH)).orElseThrow();
    Principal principal = await(requireNonNull(node.identify(new TokenText(issued.token()))));
    assertThat(principal.name()).isEqualTo("session:1");
    assertThat(await(node.start(1, "$argon2id$other"))).isEmpty();
    IssuedSession next = await(node.refresh(issued.refreshToken()));
    assertThat(next.id()).isEqualTo(issued.id());
    assertThat(await(kept.refresh(issued.refreshToken())).refreshToken())
        .isEqualTo(next.refreshToken());
    assertThat(failureOf(node.refresh("rcr_a")).kind()).isEqualTo(Kind.UNAUTHORIZED);
    assertThat(await(node.end(issued.id()))).isTrue();
    assertThat(principal.holds()).isFalse();
    assertThat(failureOf(requireNonNull(node.identify(new TokenText(next.token())))).kind())
        .isEqualTo(Kind.UNAUTHORIZED);
    assertThat(await(node.end(UUID.randomUUID()))).isFalse();
    assertThat(node.publishedKeys()).hasSize(1);
    node.close();
  }

  @Test
  void whereNoNodeServesSessionsTheyAreUnavailable() {
    Sessions remote = remote(Optional.empty());
    assertThat(failureOf(remote.start(1, HASH)).kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failureOf(remote.updates(0)).kind()).isEqualTo(Kind.UNAVAILABLE);
  }
}
