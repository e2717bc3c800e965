package dev.rollcall.transport;

import dev.rollcall.config.DeploySettings;
import io.vertx.core.transport.Transport;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the transport: how event loops wait for sockets.
 *
 * <p>On io_uring a read of a user took an eighth less of a processor than on epoll, as long as it
 * missed the end of connections ({@link #POLL_MULTI_SHOT}). Since then both take as much.
 */
public final class Transports {

  /**
   * How many writes io_uring gathers before it goes to the kernel. With Netty's 128, a burst of
   * answers from sources is handled to its end before the first request that follows from it is
   * sent: bursts grow together. Views whose sources took 20 ms came 3 ms later for that, where a
   * read of a user took 3 % less of a processor. 16 is the least that Netty takes.
   */
  private static final String RING_SIZE = "io.netty.iouring.ringSize";

  /**
   * Whether one call to the kernel accepts until it fails. Netty 4.2 repeats such a call after each
   * failure, even when it is told to pause: without file descriptors it spins.
   */
  private static final String ACCEPT_MULTI_SHOT = "io.netty.iouring.acceptMultiShotEnabled";

  /**
   * Whether one call to the kernel waits for a socket for good. Where it does, Netty 4.2.18 does
   * not hear of a client that resets its connection within milliseconds of having sent something,
   * and keeps the connection until it has idled for too long.
   */
  private static final String POLL_MULTI_SHOT = "io.netty.iouring.pollAddMultishotEnabled";

  /**
   * Whether clients may begin the handshake anew on a connection (TLS 1.2), which would cost as
   * much as a new one and count as none.
   */
  private static final String NO_RENEGOTIATION = "jdk.tls.rejectClientInitiatedRenegotiation";

  static {
    // The JDK and Netty read them once, with the first handshake and the first transport.
    setUnlessGiven(NO_RENEGOTIATION, "true");
    setUnlessGiven(RING_SIZE, "16");
    setUnlessGiven(ACCEPT_MULTI_SHOT, "false");
    setUnlessGiven(POLL_MULTI_SHOT, "false");
  }

  private static void setUnlessGiven(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  private Transports() {}

  /** The transport that is asked for, or for {@code auto} the best that the machine has. */
  public static Transport choose(DeploySettings.Transport asked) {
    return switch (asked) {
      case AUTO ->
          Stream.of(Transport.EPOLL, Transport.KQUEUE)
              .filter(Objects::nonNull)
              .filter(Transport::available)
              .findFirst()
              .orElse(Transport.NIO);
      case IO_URING -> available(asked, Transport.IO_URING);
      case EPOLL -> available(asked, Transport.EPOLL);
      case NIO -> Transport.NIO;
    };
  }

  /** The transport, unless the machine or our jar lacks it. */
  static Transport available(DeploySettings.Transport asked, @Nullable Transport transport) {
    if (transport != null && transport.available()) {
      return transport;
    }
    String name = asked.name().toLowerCase(Locale.ROOT);
    Throwable cause = transport == null ? null : transport.unavailabilityCause();
    throw new IllegalStateException(
        "deploy.transport: this machine has no "
            + name
            + (cause == null ? "" : ": " + cause.getMessage()),
        cause);
  }
}
