package dev.rollcall.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.rollcall.config.DeploySettings;
import io.vertx.core.transport.Transport;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TransportsTest {

  @Test
  void anyMachineHasNio() {
    assertThat(Transports.choose(DeploySettings.Transport.NIO)).isSameAs(Transport.NIO);
  }

  @Test
  void autoTakesWhatTheMachineHasAndTheFastestFirst() {
    List<Transport> fastestFirst =
        Stream.of(Transport.IO_URING, Transport.EPOLL, Transport.KQUEUE, Transport.NIO)
            .filter(transport -> transport != null && transport.available())
            .toList();
    assertThat(Transports.choose(DeploySettings.Transport.AUTO)).isSameAs(fastestFirst.get(0));
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
