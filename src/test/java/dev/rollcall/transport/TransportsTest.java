package dev.rollcall.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rollcall.config.DeploySettings;
import dev.rollcall.users.Awaiting;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.transport.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TransportsTest {

  @Test
  void anyMachineHasNio() {
    assertThat(Transports.choose(DeploySettings.Transport.NIO)).isSameAs(Transport.NIO);
  }

  @Test
  void autoTakesWhatTheMachineHasAndTheBestFirst() {
    List<Transport> bestFirst =
        Stream.of(Transport.EPOLL, Transport.KQUEUE, Transport.NIO)
            .filter(TransportsTest::isAvailable)
            .toList();
    assertThat(Transports.choose(DeploySettings.Transport.AUTO)).isSameAs(bestFirst.get(0));
  }

  private static boolean isAvailable(@Nullable Transport transport) {
    return transport != null && transport.available();
  }

  @ParameterizedTest
  // Netty reads how io_uring is to poll once, which may have been for another test.
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IO_URING")
  void connectionsThatAreResetAreNoticed(DeploySettings.Transport transport) throws IOException {
    assumeTrue(transport != DeploySettings.Transport.EPOLL || isAvailable(Transport.EPOLL));
    Vertx vertx = Vertx.builder().withTransport(Transports.choose(transport)).build();
    AtomicInteger begun = new AtomicInteger();
    AtomicInteger closed = new AtomicInteger();
    NetServer server =
        vertx
            .createNetServer()
            .connectHandler(
                socket -> {
                  begun.incrementAndGet();
                  socket.handler(read -> {}).exceptionHandler(reset -> {});
                  socket.closeHandler(end -> closed.incrementAndGet());
                });
    Awaiting.await(server.listen(0, "127.0.0.1"));
    for (int i = 0; i < 200; i++) {
      try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.actualPort())) {
        client.getOutputStream().write('G');
        client.setSoLinger(true, 0);
      }
    }
    await().until(() -> begun.get() == 200 && closed.get() == 200);
    Awaiting.await(vertx.close());
  }

  @Test
  void onIoUringEachWaitForASocketIsACallOfItsOwn() {
    Transports.choose(DeploySettings.Transport.NIO);
    assertThat(System.getProperty("io.netty.iouring.pollAddMultishotEnabled")).isEqualTo("false");
  }

  @Test
  void oneThatTheMachineLacksIsNamed() {
    assertThatIllegalStateException()
        .isThrownBy(() -> Transports.available(DeploySettings.Transport.IO_URING, null))
        .withMessage("deploy.transport: this machine has no io_uring");
  }

  @Test
  void clientsBeginNoHandshakeAnewOnceATransportWasChosen() {
    Transports.choose(DeploySettings.Transport.NIO);
    // The JDK reads it with the first handshake of a process, which comes later.
    assertThat(System.getProperty("jdk.tls.rejectClientInitiatedRenegotiation")).isEqualTo("true");
  }
}
