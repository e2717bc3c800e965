package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.cluster.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client that asks for new keys of TLS 1.3 without end, and reads no answer to that. */
@Timeout(60)
@Tag("slow")
class KeyUpdateFloodTest {

  /** Some ten times what one connection may send, at 27 bytes each. */
  private static final int MANY = 100_000;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  @TempDir Path folder;

  @Test
  void theConnectionIsEndedAndOthersAreServed() throws Exception {
    TestAuthority authority = TestAuthority.create(folder.resolve("ca"));
    authority.sign("a");
    String certificate = "http.tls.certificate=" + authority.certificate("a");
    SSLContext client = authority.client(null, "");
    try (TestServer server =
            new TestServer(folder, certificate, "http.tls.key=" + authority.key("a"));
        SocketChannel flooding =
            SocketChannel.open(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()))) {
      SSLEngine engine = client.createSSLEngine("localhost", server.port());
      engine.setUseClientMode(true);
      engine.setEnabledProtocols(new String[] {"TLSv1.3"});
      shakeHands(engine, flooding);
      assertThatThrownBy(() -> flood(engine, flooding)).isInstanceOf(IOException.class);
      try (Socket socket =
              client
                  .getSocketFactory()
                  .createSocket(InetAddress.getLoopbackAddress(), server.port());
          RawClient other = new RawClient((SSLSocket) socket)) {
        assertThat(other.head("GET /users/1").read().status()).isEqualTo(404);
      }
    }
  }

  /** Ends where the connection does. */
  private static void flood(SSLEngine engine, SocketChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    for (int i = 0; i < MANY; i++) {
      engine.beginHandshake();
      bytes.clear();
      engine.wrap(NOTHING, bytes);
      channel.write(bytes.flip());
    }
  }

  private static void shakeHands(SSLEngine engine, SocketChannel channel) throws IOException {
    ByteBuffer in = ByteBuffer.allocate(1 << 16);
    ByteBuffer out = ByteBuffer.allocate(1 << 16);
    ByteBuffer data = ByteBuffer.allocate(1 << 16);
    engine.beginHandshake();
    while (true) {
      switch (engine.getHandshakeStatus()) {
        case NEED_WRAP -> {
          engine.wrap(NOTHING, out.clear());
          channel.write(out.flip());
        }
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          if (engine.unwrap(in.flip(), data).bytesConsumed() == 0) {
            channel.read(in.compact());
          } else {
            in.compact();
          }
        }
        case NEED_TASK -> engine.getDelegatedTask().run();
        default -> {
          return;
        }
      }
    }
  }
}
