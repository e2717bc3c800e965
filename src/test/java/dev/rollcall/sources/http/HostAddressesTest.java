package dev.rollcall.sources.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.sources.SourceReply;
import dev.rollcall.sources.SourceReply.Ending;
import dev.rollcall.users.Awaiting;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PfxOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A source whose host has several addresses, which change. */
@Tag("slow")
class HostAddressesTest {
  private static final String[] THREE = {"127.0.0.1", "127.0.0.2", "127.0.0.3"};

  /** A busy machine may stand still for a while. */
  private static final String PATIENT = "timeout=20s";

  private final Vertx vertx = Vertx.vertx();

  /** How many requests each address got. */
  private final Map<String, Integer> got = new ConcurrentHashMap<>();

  private final Map<String, Integer> connections = new ConcurrentHashMap<>();
  private final List<String> hosts = new ArrayList<>();
  private final Promise<Void> held = Promise.promise();
  private int port;

  @AfterEach
  void close() {
    Awaiting.await(vertx.close());
  }

  /** Listens at addresses, all at one port, which is free at the first and mostly at the others. */
  private void listen(HttpServerOptions options, String... addresses) {
    for (int tries = 1; ; tries++) {
      List<HttpServer> servers = new ArrayList<>();
      port = 0;
      try {
        for (String address : addresses) {
          servers.add(listen(options, address));
          port = servers.get(0).actualPort();
        }
        return;
      } catch (RuntimeException e) {
        servers.forEach(server -> Awaiting.await(server.close()));
        if (tries == 10) {
          throw e;
        }
      }
    }
  }

  private HttpServer listen(HttpServerOptions options, String address) {
    return Awaiting.await(
        vertx
            .createHttpServer(options)
            .connectionHandler(connection -> connections.merge(address, 1, Integer::sum))
            .requestHandler(request -> answer(address, request))
            .listen(port, address));
  }

  private void answer(String address, HttpServerRequest request) {
    got.merge(address, 1, Integer::sum);
    synchronized (hosts) {
      hosts.add(request.authority() + " " + request.connection().indicatedServerName());
    }
    Future<Void> when =
        request.path().startsWith("/held") ? held.future() : Future.succeededFuture();
    when.onSuccess(
        now -> request.response().putHeader("content-type", "application/json").end("[\"ok\"]"));
  }

  private String url(String path) {
    return "http://source.test:" + port + path;
  }

  /** Waits until a name was resolved, so that requests go to its addresses. */
  private static void awaitSpread(SourceLoop.Remote source, int addresses) {
    await().until(() -> source.addresses() == addresses);
  }

  private static void ask(SourceLoop.Remote source, int times) {
    for (int i = 0; i < times; i++) {
      SourceReply reply = source.get();
      assertThat(reply.ending()).as("%s", reply.detail()).isEqualTo(Ending.OK);
    }
  }

  @Test
  void allAreAskedInTurnAndOneThatIsGoneIsLeft() {
    listen(new HttpServerOptions(), THREE);
    try (NameServer names = new NameServer(1, THREE);
        SourceLoop loop = new SourceLoop(names.options())) {
      SourceLoop.Remote source = loop.source(url("/{id}"), PATIENT);
      awaitSpread(source, 3);
      ask(source, 30);
      assertThat(got)
          .containsOnlyKeys(THREE)
          .allSatisfy((at, count) -> assertThat(count).isEqualTo(10));
      assertThat(hosts).containsOnly("source.test:" + port + " null");

      SourceLoop.Remote slow = loop.source(url("/held"), PATIENT);
      awaitSpread(slow, 3);
      List<Future<SourceReply>> running =
          IntStream.range(0, 3).mapToObj(i -> slow.begin()).toList();
      await().until(() -> got.values().stream().mapToInt(count -> count).sum() == 33);
      names.answer(1, "127.0.0.2", "127.0.0.3");
      awaitSpread(source, 2);
      got.clear();
      ask(source, 20);
      assertThat(got).isEqualTo(Map.of("127.0.0.2", 10, "127.0.0.3", 10));
      assertThat(connections.values().stream().mapToInt(count -> count).sum())
          .as("connections that were opened, though there were kept ones")
          .isLessThanOrEqualTo(8);
      held.complete();
      for (Future<SourceReply> request : running) {
        assertThat(Awaiting.await(request).ending()).isEqualTo(Ending.OK);
      }
    }
  }

  @Test
  void theLastKnownServeOnWhileThereAreNoOthers() {
    listen(new HttpServerOptions(), THREE);
    try (NameServer names = new NameServer(0, "127.0.0.1", "127.0.0.2");
        SourceLoop loop = new SourceLoop(names.options())) {
      SourceLoop.Remote source = loop.source(url("/{id}"), PATIENT);
      awaitSpread(source, 2);
      List<Runnable> failures =
          List.of(
              () -> names.fail(DnsResponseCode.SERVFAIL),
              () -> names.fail(DnsResponseCode.NXDOMAIN),
              () -> names.answer(0),
              names::mute);
      for (Runnable failure : failures) {
        failure.run();
        int before = names.asked();
        await().until(() -> names.asked() > before);
        got.clear();
        ask(source, 20);
        assertThat(got).isEqualTo(Map.of("127.0.0.1", 10, "127.0.0.2", 10));
      }
      names.answer(0, THREE);
      awaitSpread(source, 3);
    }
  }

  @Test
  void aNameIsNotResolvedForEachRequestThoughItsTtlIsZero() {
    listen(new HttpServerOptions(), THREE);
    try (NameServer names = new NameServer(0, THREE);
        SourceLoop loop = new SourceLoop(names.options())) {
      SourceLoop.Remote source = loop.source(url("/{id}"), PATIENT);
      awaitSpread(source, 3);
      long begun = System.nanoTime();
      int before = names.asked();
      ask(source, 300);
      long looks = (System.nanoTime() - begun) / 1_000_000 / HostAddresses.LOOK_MILLIS;
      assertThat((long) names.asked() - before).isLessThanOrEqualTo(looks + 1);
    }
  }

  @Test
  void aLongTtlIsObeyed() {
    listen(new HttpServerOptions(), THREE);
    try (NameServer names = new NameServer(Integer.MAX_VALUE, THREE);
        SourceLoop loop = new SourceLoop(names.options())) {
      SourceLoop.Remote source = loop.source(url("/{id}"), PATIENT);
      awaitSpread(source, 3);
      int asked = names.asked();
      Awaiting.await(loop.vertx().timer(HostAddresses.LOOK_MILLIS + 100));
      ask(source, 3);
      assertThat(names.asked()).isEqualTo(asked);
    }
  }

  @Test
  void anAddressThatCannotBeReachedFailsNoAttempt() {
    listen(new HttpServerOptions(), "127.0.0.1", "127.0.0.2");
    try (NameServer names = new NameServer(60, "127.0.0.1", "127.0.0.2", "127.0.0.7");
        SourceLoop loop = new SourceLoop(names.options())) {
      SourceLoop.Remote source = loop.source(url("/{id}"), PATIENT);
      awaitSpread(source, 3);
      ask(source, 30);
      assertThat(got).containsOnlyKeys("127.0.0.1", "127.0.0.2");

      SourceLoop.Remote nobody = loop.source("http://source.test:1/", PATIENT);
      awaitSpread(nobody, 3);
      assertThat(nobody.get()).isEqualTo(SourceReply.broken("connection refused").whenOverloaded());
      nobody.awaitIdle();
    }
  }

  @Test
  void noMoreThanSomeOfThousandsAreUsed() {
    String[] thousands =
        IntStream.range(0, 3000)
            .mapToObj(i -> "127.1." + i / 250 + "." + (1 + i % 250))
            .toArray(String[]::new);
    try (NameServer names = new NameServer(0, thousands);
        SourceLoop loop = new SourceLoop(names.options())) {
      SourceLoop.Remote source = loop.source("http://many.test:1/");
      awaitSpread(source, HostAddresses.MOST);
    }
  }

  @Test
  void theNameIsWhatTlsIsAbout(@TempDir Path folder) {
    TestCertificate own = TestCertificate.create(folder, "dns:source.test");
    listen(
        new HttpServerOptions()
            .setSsl(true)
            .setSni(true)
            .setKeyCertOptions(
                new PfxOptions()
                    .setPath(own.keys().toString())
                    .setPassword(TestCertificate.PASSWORD)),
        THREE);
    try (NameServer names = new NameServer(60, THREE);
        SourceLoop loop = new SourceLoop(names.options())) {
      SourceLoop.Remote source =
          loop.source("https://source.test:" + port + "/", PATIENT, "trust=" + own.pem());
      awaitSpread(source, 3);
      ask(source, 3);
      assertThat(got).containsOnlyKeys(THREE);
      assertThat(hosts).containsOnly("source.test:" + port + " source.test");

      SourceLoop.Remote other =
          loop.source("https://other.test:" + port + "/", PATIENT, "trust=" + own.pem());
      awaitSpread(other, 3);
      assertThat(other.get()).isEqualTo(SourceReply.broken("no trusted TLS connection"));
    }
  }

  @Test
  void aNameThatBecomesKnownLaterIsUsedThen() {
    listen(new HttpServerOptions(), THREE);
    try (NameServer names = new NameServer(1, THREE);
        SourceLoop loop = new SourceLoop(names.options())) {
      names.fail(DnsResponseCode.NXDOMAIN);
      SourceLoop.Remote source = loop.source(url("/{id}"), PATIENT);
      assertThat(source.get()).isEqualTo(SourceReply.broken("unknown host"));
      names.answer(1, THREE);
      awaitSpread(source, 3);
      ask(source, 1);
    }
  }
}
