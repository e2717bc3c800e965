package dev.rollcall.access.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.access.Principal;
import dev.rollcall.access.TokenText;
import dev.rollcall.base.Failure;
import dev.rollcall.config.auth.IssuerSettings;
import dev.rollcall.config.auth.JwksLocation;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How the keys of an issuer come, go and stay. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class IssuerKeysTest {

  private final Vertx vertx = Vertx.vertx();
  private final TestIssuer before = new TestIssuer("1-");
  private final TestIssuer after = new TestIssuer("2-");

  @AfterAll
  void close() throws Exception {
    get(vertx.close());
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static Failure failure(Future<?> future) throws Exception {
    return (Failure) get(future.<Throwable>map(held -> null).recover(Future::succeededFuture));
  }

  /** A source that gives what it is told to. */
  private static final class Scripted implements JwksSource {
    final AtomicInteger fetches = new AtomicInteger();
    volatile Future<Fetched> next;

    Scripted(String jwks, long freshMillis) {
      serve(jwks, freshMillis);
    }

    void serve(String jwks, long freshMillis) {
      next = Future.succeededFuture(new Fetched(Buffer.buffer(jwks), freshMillis));
    }

    @Override
    public Future<Void> check() {
      return Future.succeededFuture();
    }

    @Override
    public Future<Fetched> fetch() {
      fetches.incrementAndGet();
      return next;
    }
  }

  private IssuerKeys keys(JwksSource source, List<KeySet> changes) {
    IssuerSettings settings = TestIssuer.settings(JwksLocation.parse("unused"));
    return new IssuerKeys(vertx, settings, source, changes::add);
  }

  private IssuedTokens tokens(String jwks) throws Exception {
    IssuedTokens tokens =
        new IssuedTokens(
            vertx,
            List.of(TestIssuer.settings(JwksLocation.parse(jwks))),
            new SimpleMeterRegistry());
    get(tokens.start());
    return tokens;
  }

  @Test
  void aNewKeyIsFetchedWhenATokenNamesItAndNoTokenIsRefused() throws Exception {
    AtomicInteger fetches = new AtomicInteger();
    List<String> jwks = new ArrayList<>(List.of(before.jwks()));
    HttpServer server =
        get(
            vertx
                .createHttpServer()
                .requestHandler(
                    request -> {
                      fetches.incrementAndGet();
                      synchronized (jwks) {
                        request.response().end(jwks.get(0));
                      }
                    })
                .listen(0, "127.0.0.1"));
    IssuedTokens tokens = tokens("http://127.0.0.1:" + server.actualPort() + "/");
    assertThat(get(tokens.identify(new TokenText(before.token("RS256")))).holds()).isTrue();
    List<Future<Principal>> answers = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      if (i == 50) {
        synchronized (jwks) {
          jwks.set(
              0,
              TestIssuer.jwks(
                  TestIssuer.jwk(before.ed.getPublic()).put("kid", before.kid("EdDSA")),
                  TestIssuer.jwk(after.ed.getPublic()).put("kid", after.kid("EdDSA"))));
        }
      }
      TestIssuer issuer = i >= 50 && i % 2 == 0 ? after : before;
      answers.add(
          tokens.identify(
              new TokenText(issuer.token("EdDSA", TestIssuer.claims().put("jti", "" + i)))));
    }
    for (Future<Principal> each : answers) {
      assertThat(get(each).holds()).isTrue();
    }
    assertThat(fetches).hasValue(2);
    get(tokens.close());
  }

  @Test
  void unknownKeysHaveThemFetchedOnceInHalfAMinute() throws Exception {
    Scripted source = new Scripted(before.jwks(), 600_000);
    IssuerKeys keys = keys(source, new ArrayList<>());
    get(keys.refresh());
    for (int i = 0; i < 100; i++) {
      get(keys.newer(set -> false));
    }
    assertThat(source.fetches).hasValue(2);
    keys.close();
  }

  @Test
  void whatWasAskedBeforeATokenCameMayBeTooOldForIt() throws Exception {
    Scripted source = new Scripted(before.jwks(), 600_000);
    Promise<JwksSource.Fetched> slow = Promise.promise();
    source.next = slow.future();
    IssuerKeys keys = keys(source, new ArrayList<>());
    Future<?> first = keys.refresh();
    Future<KeySet> newer = keys.newer(set -> set != null && set.keys().size() == 1);
    source.serve(TestIssuer.jwks(TestIssuer.jwk(after.ed.getPublic())), 600_000);
    slow.complete(new JwksSource.Fetched(Buffer.buffer(before.jwks()), 600_000));
    get(first);
    assertThat(get(newer).keys()).hasSize(1);
    keys.close();
  }

  @Test
  void theKeysStayWhileTheyCanNotBeFetched() throws Exception {
    List<KeySet> changes = new CopyOnWriteArrayList<>();
    Scripted source = new Scripted(before.jwks(), 20);
    IssuerKeys keys = keys(source, changes);
    assertThat(keys.current()).isNull();
    KeySet all = get(keys.refresh());
    assertThat(all.keys()).hasSize(3);
    source.next = Future.failedFuture("away");
    int failing = source.fetches.get();
    await().until(() -> source.fetches.get() > failing);
    assertThat(get(keys.refresh())).isSameAs(all);
    source.serve("<html>", 20);
    assertThat(get(keys.refresh())).isSameAs(all);
    source.serve(after.jwks(), 600_000);
    await().until(() -> !all.equals(keys.current()));
    await().until(() -> changes.size() == 2);
    keys.close();
  }

  @Test
  void withdrawingAKeyEndsWhatItSigned(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("jwks.json"), before.jwks());
    IssuedTokens tokens = tokens(file.toString());
    String old = before.token("EdDSA");
    String rsa = before.token("RS256");
    Principal ending = get(tokens.identify(new TokenText(old)));
    Principal staying = get(tokens.identify(new TokenText(rsa)));
    assertThat(get(tokens.identify(new TokenText(rsa)))).isSameAs(staying);
    Path next =
        Files.writeString(
            folder.resolve("next.json"),
            TestIssuer.jwks(
                TestIssuer.jwk(before.rsa.getPublic()).put("kid", "1-rsa").put("use", "sig"),
                TestIssuer.jwk(after.ed.getPublic()).put("kid", "1-ed")));
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
    await().until(() -> !ending.holds());
    assertThat(failure(tokens.identify(new TokenText(old))).detail())
        .isEqualTo("the token is not accepted");
    assertThat(tokens.identify(new TokenText(rsa)).result()).isSameAs(staying);
    assertThat(staying.holds()).isTrue();
    get(tokens.close());
  }

  @Test
  void aTokenGetsAnUnavailableUntilTheKeysOfItsIssuerWereFetched() throws Exception {
    AtomicInteger status = new AtomicInteger(500);
    HttpServer server =
        get(
            vertx
                .createHttpServer()
                .requestHandler(
                    request -> request.response().setStatusCode(status.get()).end(before.jwks()))
                .listen(0, "127.0.0.1"));
    IssuedTokens tokens = tokens("http://127.0.0.1:" + server.actualPort() + "/");
    String token = before.token("ES256");
    Failure failure = failure(tokens.identify(new TokenText(token)));
    assertThat(failure.kind()).isEqualTo(Failure.Kind.UNAVAILABLE);
    assertThat(failure.members().get("retryAfter")).isInstanceOf(Long.class);
    status.set(200);
    await().until(() -> failureOrNull(tokens.identify(new TokenText(token))) == null);
    get(tokens.close());
  }

  private static Failure failureOrNull(Future<?> future) throws Exception {
    return failure(future);
  }

  @Test
  void aStartNeedsTheFilesThatAreNamed(@TempDir Path folder) throws Exception {
    Path garbage = Files.writeString(folder.resolve("garbage.json"), "{}");
    for (Path file : List.of(folder.resolve("none.json"), garbage, folder)) {
      IssuedTokens tokens =
          new IssuedTokens(
              vertx,
              List.of(TestIssuer.settings(new JwksLocation.File(file))),
              new SimpleMeterRegistry());
      String fault =
          get(
              tokens
                  .start()
                  .map("it succeeded")
                  .recover(e -> Future.succeededFuture(e.getMessage())));
      assertThat(fault)
          .isEqualTo(
              "auth.issuers.corp.jwks: "
                  + file
                  + (file == garbage
                      ? ": it is no JWKS, an object with an array keys"
                      : " can't be read"));
      get(tokens.close());
    }
  }
}
