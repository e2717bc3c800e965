package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.rollcall.access.ServerCertificate;
import dev.rollcall.cluster.TestAuthority;
import dev.rollcall.config.ServerTls;
import dev.rollcall.http.RawClient.Answer;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

@Tag("slow")
class ServerTlsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path folder;

  private TestAuthority authority(String name, String... members) {
    TestAuthority made = TestAuthority.create(folder.resolve(name));
    for (String member : members) {
      made.sign(member);
    }
    return made;
  }

  private TestServer server(Path certificate, Path key, @Nullable Path clients) {
    List<String> sets =
        new ArrayList<>(List.of("http.tls.certificate=" + certificate, "http.tls.key=" + key));
    if (clients != null) {
      sets.add("http.tls.clients=" + clients);
    }
    return new TestServer(folder, sets.toArray(String[]::new));
  }

  private static SSLSocket connect(SSLContext by, int port, String... protocols)
      throws IOException {
    SSLSocket socket =
        (SSLSocket) by.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(10_000);
    if (protocols.length > 0) {
      socket.setEnabledProtocols(protocols);
    }
    return socket;
  }

  private static Answer ask(RawClient client) throws IOException {
    return client.head("GET /users/1").read();
  }

  private static String servedName(SSLContext by, int port) throws IOException {
    try (SSLSocket socket = connect(by, port)) {
      socket.startHandshake();
      X509Certificate first = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return first.getSubjectX500Principal().getName();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void usersAreServedOverTls(String version) throws Exception {
    TestAuthority authority = authority("ca", "a");
    try (TestServer server = server(authority.certificate("a"), authority.key("a"), null);
        RawClient client =
            new RawClient(connect(authority.client(null, ""), server.port(), version))) {
      assertThat(ask(client).status()).isEqualTo(404);
      assertThat(ask(client).status()).isEqualTo(404);
    }
  }

  @Test
  void clearTextIsNotServed() throws Exception {
    TestAuthority authority = authority("ca", "a");
    try (TestServer server = server(authority.certificate("a"), authority.key("a"), null);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readAllBytes();
      assertThat(new String(answer, StandardCharsets.US_ASCII)).doesNotContain("HTTP/");
      assertThat(servedName(authority.client(null, ""), server.port())).isEqualTo("CN=a");
    }
  }

  @Test
  void clientsNeedACertificateOfTheAuthorityThatIsNamed() throws Exception {
    TestAuthority own = authority("ca", "a");
    TestAuthority clients = authority("clients", "c");
    TestAuthority others = authority("others", "c");
    try (TestServer server = server(own.certificate("a"), own.key("a"), clients.trust())) {
      try (RawClient client = new RawClient(connect(own.client(clients, "c"), server.port()))) {
        assertThat(ask(client).status()).isEqualTo(404);
      }
      assertRefused(() -> askOnce(own.client(null, ""), server.port()));
      assertRefused(() -> askOnce(own.client(others, "c"), server.port()));
    }
  }

  private static void askOnce(SSLContext by, int port) throws IOException {
    try (RawClient client = new RawClient(connect(by, port))) {
      ask(client);
    }
  }

  private static void assertRefused(ThrowingCallable call) {
    // Where the alert comes while the client writes, it may see no more than a reset.
    assertThatThrownBy(call).isInstanceOfAny(SSLException.class, SocketException.class);
  }

  @Test
  void aPairThatHasChangedServesNewConnectionsAndOneThatDoesNotFitServesNone() throws Exception {
    TestAuthority authority = authority("ca", "a", "b");
    Path certificate = Files.copy(authority.certificate("a"), folder.resolve("cert.pem"));
    Path key = Files.copy(authority.key("a"), folder.resolve("key.pem"));
    SSLContext context = authority.client(null, "");
    Queue<String> told = listen();
    try (TestServer server = server(certificate, key, null);
        RawClient before = new RawClient(connect(context, server.port()))) {
      assertThat(ask(before).status()).isEqualTo(404);

      Files.copy(authority.key("b"), key, StandardCopyOption.REPLACE_EXISTING);
      await().atMost(PATIENCE).until(() -> told.stream().anyMatch(line -> line.contains("WARN")));
      assertThat(told)
          .singleElement()
          .asString()
          .endsWith("the certificate before: the key is not that of the certificate");
      assertThat(servedName(context, server.port())).isEqualTo("CN=a");

      Files.copy(authority.certificate("b"), certificate, StandardCopyOption.REPLACE_EXISTING);
      await().atMost(PATIENCE).until(() -> servedName(context, server.port()).equals("CN=b"));
      assertThat(ask(before).status()).isEqualTo(404);
    }
  }

  private static Queue<String> listen() {
    Queue<String> told = new ConcurrentLinkedQueue<>();
    Logger logger = (Logger) LoggerFactory.getLogger(ServerCertificate.class);
    AppenderBase<ILoggingEvent> appender =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            told.add(event.getLevel() + " " + event.getFormattedMessage());
          }
        };
    appender.start();
    logger.addAppender(appender);
    return told;
  }

  @Test
  void filesThatAreOfNoUseAreToldOf() throws Exception {
    TestAuthority authority = authority("ca", "a", "b");
    Path none = folder.resolve("none.pem");
    Vertx vertx = Vertx.vertx();
    try {
      assertThatIllegalStateException()
          .isThrownBy(() -> open(vertx, none, authority.key("a")))
          .withMessage("http.tls: " + none + " can't be read");
      assertThatIllegalStateException()
          .isThrownBy(() -> open(vertx, authority.certificate("a"), authority.key("b")))
          .withMessageEndingWith("b-key.pem: the key is not that of the certificate");
      assertThatIllegalStateException()
          .isThrownBy(() -> open(vertx, authority.key("a"), authority.certificate("a")))
          .withMessageEndingWith("is no PEM of a certificate and of an RSA or EC key in PKCS #8");
    } finally {
      vertx.close().await(20, TimeUnit.SECONDS);
    }
  }

  @Test
  @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aFifoIsNotWaitedFor() throws Exception {
    TestAuthority authority = authority("ca", "a");
    Path fifo = folder.resolve("fifo.pem");
    assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
    Vertx vertx = Vertx.vertx();
    try {
      assertThatIllegalStateException()
          .isThrownBy(() -> open(vertx, fifo, authority.key("a")))
          .withMessage("http.tls: " + fifo + " can't be read");
    } finally {
      vertx.close().await(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void filesThatStayUnreadableAreToldOfOnce() throws Exception {
    TestAuthority authority = authority("ca", "a");
    Path gone = Files.copy(authority.certificate("a"), folder.resolve("gone.pem"));
    Path changing = Files.copy(authority.certificate("a"), folder.resolve("changing.pem"));
    Queue<String> told = listen();
    Vertx vertx = Vertx.vertx();
    try {
      open(vertx, gone, authority.key("a"));
      open(vertx, changing, authority.key("a"));
      Files.delete(gone);
      await().atMost(PATIENCE).until(() -> toldOf(told, "gone.pem can't be read") > 0);
      // The other pair is of no use in a new way at each look, which tells that there was one.
      for (int look = 1; look <= 2; look++) {
        int looks = look;
        Files.writeString(changing, "no certificate " + look);
        await().atMost(PATIENCE).until(() -> toldOf(told, "is no PEM") == looks);
      }
      assertThat(toldOf(told, "gone.pem can't be read")).isOne();
    } finally {
      vertx.close().await(20, TimeUnit.SECONDS);
    }
  }

  private static long toldOf(Queue<String> told, String what) {
    return told.stream().filter(line -> line.contains(what)).count();
  }

  private static void open(Vertx vertx, Path certificate, Path key) {
    ServerTls files = new ServerTls(certificate, key, Optional.empty());
    ServerCertificate.open(vertx, "http.tls", files, ClientAuth.REQUIRED);
  }

  @Test
  void connectionsThatNeverBeginToEncryptLeaveRoomForOtherAddresses() throws Exception {
    TestAuthority authority = authority("ca", "a");
    SSLContext context = authority.client(null, "");
    List<Socket> silent = new ArrayList<>();
    try (TestServer server = server(authority.certificate("a"), authority.key("a"), null)) {
      try {
        for (int i = 0; i < 1700; i++) {
          silent.add(fromElsewhere(server.port()));
        }
        Socket last = silent.get(1699);
        last.setSoTimeout(10_000);
        assertThat(last.getInputStream().read()).isNegative();
        assertThat(servedName(context, server.port())).isEqualTo("CN=a");
      } finally {
        for (Socket socket : silent) {
          socket.close();
        }
      }
      await()
          .atMost(PATIENCE)
          .ignoreExceptions()
          .until(
              () -> {
                try (Socket tcp = fromElsewhere(server.port());
                    SSLSocket tls =
                        (SSLSocket)
                            context.getSocketFactory().createSocket(tcp, "127.0.0.1", 0, true)) {
                  tls.startHandshake();
                  return true;
                }
              });
    }
  }

  private static Socket fromElsewhere(int port) throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 2}), 0));
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return socket;
  }
}
