package dev.rollcall.sources.http;

import static dev.rollcall.users.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Cancellation;
import dev.rollcall.sources.SourceReply;
import dev.rollcall.sources.SourceReply.Ending;
import io.vertx.core.Future;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Services that can't be reached, whom one can't trust, or who don't speak as they should. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class HttpConnectingTest {

  private final SourceLoop loop = new SourceLoop();

  @AfterAll
  void stop() {
    loop.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http2=false", "http2=true"})
  void saysThatAConnectionIsRefused(String protocol) throws IOException {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    SourceLoop.Remote source = loop.source("http://127.0.0.1:" + port + "/", protocol);
    assertThat(source.get()).isEqualTo(SourceReply.broken("connection refused").whenOverloaded());
    source.awaitIdle();
  }

  @Test
  void saysThatAHostIsUnknown() {
    SourceLoop.Remote source = loop.source("http://nowhere.invalid/", "timeout=20s");
    assertThat(source.get()).isEqualTo(SourceReply.broken("unknown host"));
    source.awaitIdle();
  }

  @ParameterizedTest
  @CsvSource({
    "false,hello\\n,BROKEN",
    "true,hello\\n,BROKEN",
    "false,SSH-2.0-OpenSSH_9.2\\r\\n,BROKEN",
    "true,HTTP/1.1 400 Bad Request\\r\\ncontent-length: 0\\r\\n\\r\\n,BROKEN",
    "false,HTTP/9.9 200 OK\\r\\n\\r\\n,BROKEN",
    "false,HTTP/1.1 abc OK\\r\\n\\r\\n,BROKEN",
    "false,HTTP/1.1 200 OK\\r\\ncontent-type: application/json\\r\\n\\r\\n[1],OK",
    "false,HTTP/1.0 200 OK\\r\\ncontent-type: application/json\\r\\n\\r\\n[1],OK",
    "false,HTTP/1.1 200 OK\\r\\ncontent-type: application/json\\r\\n\\r\\n[1,REJECTED",
    "false,HTTP/1.1 200 OK\\r\\ncontent-type: app,BROKEN",
    "false,HTTP/1.1 200 OK\\r\\ncontent-length: -5\\r\\n\\r\\n,BROKEN",
    "false,HTTP/1.1 101 Switching\\r\\nupgrade: x\\r\\n\\r\\n,REJECTED",
  })
  void endsWithWhatIsNoOrHardlyHttp(boolean http2, String said, Ending ending) {
    try (RawUpstream raw = RawUpstream.saying(said.translateEscapes())) {
      SourceLoop.Remote source = loop.source(raw.url("/"), "http2=" + http2);
      SourceReply reply = source.get();
      assertThat(reply.ending()).as("%s", reply.detail()).isEqualTo(ending);
      assertOurWords(reply);
      source.awaitIdle();
    }
  }

  @Test
  void rejectsAHeadThatIsTooLarge() {
    String head = "HTTP/1.1 200 OK\r\n" + ("x-filler: " + "x".repeat(1000) + "\r\n").repeat(40);
    try (RawUpstream raw = RawUpstream.saying(head + "\r\n")) {
      SourceLoop.Remote source = loop.source(raw.url("/"));
      assertThat(source.get()).isEqualTo(SourceReply.rejected("an answer whose head is too large"));
      source.awaitIdle();
    }
  }

  /** No message of a library, which would have addresses, ports, classes or quotes in it. */
  private static void assertOurWords(SourceReply reply) {
    if (reply.detail() != null) {
      assertThat(reply.detail()).matches("[a-zA-Z, 0-9():]+").doesNotContain("Exception", "127");
    }
  }

  /** The kernel takes no more connections for a listener that accepts none. */
  @Test
  void leavesAHostThatTakesNoConnection() throws IOException {
    List<Socket> waiting = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      InetSocketAddress address = new InetSocketAddress(full.getInetAddress(), full.getLocalPort());
      for (int i = 0; i < 3; i++) {
        waiting.add(connecting(address));
      }
      SourceLoop.Remote source =
          loop.source("http://127.0.0.1:" + full.getLocalPort() + "/", "timeout=300ms");
      Cancellation cancellation = new Cancellation();
      Future<SourceReply> cancelled = source.fetch(SourceLoop.request(cancellation));
      cancellation.cancel();
      assertThat(await(cancelled).ending()).isEqualTo(Ending.LATE);
      assertThat(source.get()).isEqualTo(SourceReply.late("no connection in time"));
      source.awaitIdle();
    } finally {
      for (Socket socket : waiting) {
        socket.close();
      }
    }
  }

  private static Socket connecting(InetSocketAddress address) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(address, 50);
    } catch (SocketTimeoutException e) {
      // Then the listener is as full as it is to be.
    }
    return socket;
  }

  @Test
  void leavesAHostThatIsMuteOverTls() {
    try (RawUpstream mute = RawUpstream.mute()) {
      String url = "https://127.0.0.1:" + mute.port() + "/";
      SourceLoop.Remote source = loop.source(url, "timeout=200ms");
      SourceReply reply = source.get();
      assertThat(reply.ending()).isIn(Ending.LATE, Ending.BROKEN);
      source.awaitIdle();
    }
  }

  /** Waiting for the first word over HTTP/2 has no end of its own, so the client is replaced. */
  @Test
  void asksAgainAfterAHostWasMuteOverHttp2() {
    try (Upstream upstream = Upstream.start();
        RawUpstream proxy = RawUpstream.proxy(upstream.port())) {
      SourceLoop.Remote source =
          loop.source(proxy.url("/ok"), "http2=true", "timeout=700ms", "inFlight=3");
      proxy.freezeNew(true);
      for (int i = 0; i < 3; i++) {
        assertThat(await(source.fetchAndCancel()).ending()).isEqualTo(Ending.LATE);
      }
      assertThat(source.inFlight()).isEqualTo(3);
      proxy.freezeNew(false);
      source.awaitIdle();
      assertThat(source.get().ending()).isEqualTo(Ending.OK);
    }
  }

  /** The other end is gone, but nobody said so: over HTTP/2 a cancelled attempt finds out. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void leavesAConnectionThatIsDead(boolean http2) {
    try (Upstream upstream = Upstream.start();
        RawUpstream proxy = RawUpstream.proxy(upstream.port())) {
      SourceLoop.Remote source = loop.source(proxy.url("/ok"), "http2=" + http2);
      assertThat(source.get().ending()).isEqualTo(Ending.OK);
      proxy.freeze();
      Cancellation cancellation = new Cancellation();
      Future<SourceReply> reply = source.fetch(SourceLoop.request(cancellation));
      source.awaitInFlight(1);
      cancellation.cancel();
      assertThat(await(reply).ending()).isEqualTo(Ending.LATE);
      proxy.awaitOpen(0);
      assertThat(source.get().ending()).isEqualTo(Ending.OK);
    }
  }

  @Test
  void keepsAConnectionThatAnswersWhenItIsInDoubt() {
    try (Upstream upstream = Upstream.start();
        RawUpstream proxy = RawUpstream.proxy(upstream.port())) {
      SourceLoop.Remote source =
          loop.source(proxy.url("/slow/60000") + "," + proxy.url("/ok"), "http2=true");
      for (int i = 0; i < 30; i++) {
        Cancellation cancellation = new Cancellation();
        Future<SourceReply> reply = source.fetch(SourceLoop.request(cancellation));
        upstream.awaitExchanges(i + 1);
        cancellation.cancel();
        await(reply);
      }
      await(loop.vertx().timer(2500, TimeUnit.MILLISECONDS));
      assertThat(proxy.everConnected()).isEqualTo(1);
      assertThat(upstream.connections()).isEqualTo(1);
    }
  }

  @Test
  void trustsWhomItIsToldToTrustAndSpeaksHttp2(@TempDir Path folder) {
    TestCertificate certificate = TestCertificate.create(folder, "dns:localhost");
    try (Upstream upstream = Upstream.start(certificate)) {
      String url = upstream.url("/ok/{id}");
      String trust = "trust=" + certificate.pem();
      assertThat(loop.source(url, trust, "timeout=20s").get().ending()).isEqualTo(Ending.OK);
      assertThat(loop.source(url, trust, "http2=false", "timeout=20s").get().ending())
          .isEqualTo(Ending.OK);
      assertThat(upstream.exchanges().stream().map(UpstreamExchange::version))
          .containsExactly(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1);
      SourceReply untrusted = loop.source(url, "timeout=20s").get();
      assertThat(untrusted).isEqualTo(SourceReply.broken("no trusted TLS connection"));
      String otherName = url.replace("localhost", "127.0.0.1");
      assertThat(loop.source(otherName, trust, "timeout=20s").get())
          .isEqualTo(SourceReply.broken("no trusted TLS connection"));
      String plain = url.replace("https", "http");
      assertThat(loop.source(plain, "http2=false").get().ending()).isEqualTo(Ending.BROKEN);
      assertThat(upstream.exchanges()).hasSize(2);
    }
  }

  @Test
  void saysThatThereIsNoTlsAtTheOtherEnd() {
    try (Upstream plain = Upstream.start()) {
      SourceReply reply = loop.source(plain.url("/ok").replace("http:", "https:")).get();
      assertThat(reply).isEqualTo(SourceReply.broken("no trusted TLS connection"));
    }
  }
}
