package dev.rollcall.access.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.cluster.TestAuthority;
import dev.rollcall.config.sources.UrlTemplate;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the server of an issuer's keys may do to us, and what not. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class JwksServerTest {

  private final Vertx vertx = Vertx.vertx();

  @AfterAll
  void close() throws Exception {
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static String fault(Future<?> future) throws Exception {
    return await(
        future
            .map("it succeeded")
            .recover(e -> Future.succeededFuture(String.valueOf(e.getMessage()))));
  }

  private int serve(Handler<HttpServerRequest> handler) throws Exception {
    return await(vertx.createHttpServer().requestHandler(handler).listen(0, "127.0.0.1"))
        .actualPort();
  }

  private Future<JwksSource.Fetched> fetch(String url) {
    return new JwksServer(vertx, UrlTemplate.parse(url), Optional.empty()).fetch();
  }

  private Future<JwksSource.Fetched> fetch(Handler<HttpServerRequest> handler) throws Exception {
    return fetch("http://127.0.0.1:" + serve(handler) + "/jwks?a=b");
  }

  @ParameterizedTest
  @CsvSource({
    "'', 900",
    "max-age=600, 600",
    "'public, MAX-AGE=\"7200\"', 7200",
    "max-age=0, 300",
    "max-age=999999999, 86400",
    "max-age=99999999999999999999, 86400",
    "'no-store, max-age=7200', 300",
    "s-max-age=7200, 900",
    "max-age=-5, 900",
    "max-age, 900",
  })
  void whatItServesIsFreshForAsLongAsItSaysWithinBounds(String cacheControl, long seconds)
      throws Exception {
    JwksSource.Fetched fetched =
        await(
            fetch(
                request ->
                    request
                        .response()
                        .putHeader("cache-control", cacheControl)
                        .end(request.uri())));
    assertThat(fetched.content()).isEqualTo(Buffer.buffer("/jwks?a=b"));
    assertThat(fetched.freshMillis()).isEqualTo(seconds * 1000);
  }

  @Test
  void noRedirectIsFollowed() throws Exception {
    AtomicInteger reached = new AtomicInteger();
    int other = serve(request -> request.response().end("" + reached.incrementAndGet()));
    for (int status : new int[] {301, 302, 303, 307, 308}) {
      assertThat(
              fault(
                  fetch(
                      request ->
                          request
                              .response()
                              .setStatusCode(status)
                              .putHeader("location", "http://127.0.0.1:" + other + "/")
                              .end())))
          .isEqualTo("its server answers " + status);
    }
    assertThat(reached).hasValue(0);
  }

  @Test
  void anythingButOkIsAFault() throws Exception {
    for (int status : new int[] {201, 204, 404, 500}) {
      assertThat(fault(fetch(request -> request.response().setStatusCode(status).end())))
          .isEqualTo("its server answers " + status);
    }
    int free = serve(request -> {});
    assertThat(fault(fetch("http://127.0.0.1:" + (free == 1 ? 2 : 1) + "/secret")))
        .startsWith("its server can't be asked: ")
        .doesNotContain("secret");
    assertThat(fault(fetch(request -> request.connection().close())))
        .startsWith("its server can't be asked: ");
  }

  @Test
  void anEndlessAnswerEndsAtItsBound() throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    Buffer piece = Buffer.buffer(new byte[64 * 1024]);
    Handler<HttpServerRequest> endless =
        request -> {
          request.connection().closeHandler(closed -> gone.countDown());
          request.response().setChunked(true);
          writeOn(request, piece);
        };
    assertThat(fault(fetch(endless))).isEqualTo("its server's answer is larger than 1MiB");
    assertThat(gone.await(10, TimeUnit.SECONDS)).as("the connection is closed").isTrue();
  }

  private static void writeOn(HttpServerRequest request, Buffer piece) {
    request.response().write(piece).onSuccess(written -> writeOn(request, piece));
  }

  @Test
  void aSilentServerAndOneThatDripsEndInTime() throws Exception {
    CountDownLatch gone = new CountDownLatch(2);
    Future<JwksSource.Fetched> silent =
        fetch(request -> request.connection().closeHandler(closed -> gone.countDown()));
    Future<JwksSource.Fetched> dripping =
        fetch(
            request -> {
              request.connection().closeHandler(closed -> gone.countDown());
              request.response().setChunked(true).write("{");
              vertx.setPeriodic(
                  100,
                  timer -> {
                    if (gone.getCount() == 0) {
                      vertx.cancelTimer(timer);
                    } else {
                      request.response().write(" ");
                    }
                  });
            });
    for (Future<?> each : new Future<?>[] {silent, dripping}) {
      assertThat(fault(each)).isEqualTo("its server does not answer within 5 s");
    }
    assertThat(gone.await(10, TimeUnit.SECONDS)).as("the connections are closed").isTrue();
  }

  @Test
  void packedAnswersAreNotUnpacked() throws Exception {
    assertThat(
            await(
                    fetch(
                        request ->
                            request.response().putHeader("content-encoding", "gzip").end("packed")))
                .content())
        .isEqualTo(Buffer.buffer("packed"));
  }

  @Test
  void itIsKnownByItsNameAndTheAuthorityThatIsNamed(@TempDir Path folder) throws Exception {
    TestAuthority authority = TestAuthority.create(folder).sign("localhost").sign("other");
    for (String name : new String[] {"localhost", "other"}) {
      HttpServerOptions tls =
          new HttpServerOptions()
              .setSsl(true)
              .setKeyCertOptions(
                  new PemKeyCertOptions()
                      .addCertPath(authority.certificate(name).toString())
                      .addKeyPath(authority.key(name).toString()));
      int port =
          await(
                  vertx
                      .createHttpServer(tls)
                      .requestHandler(request -> request.response().end("{}"))
                      .listen(0, "127.0.0.1"))
              .actualPort();
      UrlTemplate url = UrlTemplate.parse("https://localhost:" + port + "/");
      JwksServer trusting = new JwksServer(vertx, url, Optional.of(authority.trust()));
      if (name.equals("localhost")) {
        assertThat(await(trusting.fetch()).content()).isEqualTo(Buffer.buffer("{}"));
      } else {
        assertThat(fault(trusting.fetch())).startsWith("its server can't be asked: ");
      }
      assertThat(fault(new JwksServer(vertx, url, Optional.empty()).fetch()))
          .startsWith("its server can't be asked: ");
    }
  }

  @Test
  void aStartFindsAuthoritiesThatAreOfNoUse(@TempDir Path folder) throws Exception {
    UrlTemplate url = UrlTemplate.parse("https://localhost/");
    Path none = folder.resolve("none.pem");
    Path wrong = Files.writeString(folder.resolve("wrong.pem"), "no certificate");
    for (Path file : new Path[] {none, wrong}) {
      assertThat(fault(new JwksServer(vertx, url, Optional.of(file)).check()))
          .isEqualTo("trust: " + file + " can't be read, or is no PEM of certificates");
    }
  }
}
