package dev.rollcall.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.cluster.Member;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.internal.serialization.InternalSerializationService;
import com.hazelcast.internal.serialization.impl.CodebaseClusterVersionAware;
import com.hazelcast.internal.serialization.impl.DefaultSerializationServiceBuilder;
import com.hazelcast.version.MemberVersion;
import dev.rollcall.config.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What a neighbour can do at the port of the members, where there is neither TLS nor a secret. */
@Timeout(120)
@Tag("slow")
class MemberIntrudersTest {

  private final List<HazelcastInstance> members = new ArrayList<>();
  private int port;
  private HazelcastInstance ours;

  private static final ListAppender<ILoggingEvent> LOG = new ListAppender<>();

  @BeforeAll
  static void listen() {
    LOG.start();
    logger().addAppender(LOG);
  }

  @AfterAll
  static void stopListening() {
    logger().detachAppender(LOG);
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(HazelcastMember.class);
  }

  @BeforeEach
  void start() throws IOException {
    port = FreePorts.findOne();
    ours = HazelcastMember.start(Settings.of("cluster.port=" + port).cluster(), Optional.empty());
    members.add(ours);
    Planted.MADE.clear();
    LOG.list.clear();
  }

  @AfterEach
  void end() {
    members.forEach(member -> member.getLifecycleService().terminate());
  }

  /** A member of another service, which knows nothing of Rollcall. */
  private HazelcastInstance foreign() {
    Config config = new Config().setClusterName("rollcall");
    config.setProperty("hazelcast.wait.seconds.before.join", "0");
    config.setProperty("hazelcast.logging.type", "none");
    config.setProperty("hazelcast.phone.home.enabled", "false");
    var network = config.getNetworkConfig().setPort(port + 1);
    network.getInterfaces().setEnabled(true).addInterface("127.0.0.1");
    network.getJoin().getMulticastConfig().setEnabled(false);
    network.getJoin().getAutoDetectionConfig().setEnabled(false);
    network.getJoin().getTcpIpConfig().setEnabled(true).setRequiredMember("127.0.0.1:" + port);
    HazelcastInstance member = Hazelcast.newHazelcastInstance(config);
    members.add(member);
    return member;
  }

  @Test
  void aClientOfHazelcastIsNotLetIn() {
    ClientConfig config = new ClientConfig().setClusterName("rollcall");
    config.getNetworkConfig().addAddress("127.0.0.1:" + port);
    config
        .getConnectionStrategyConfig()
        .getConnectionRetryConfig()
        .setClusterConnectTimeoutMillis(2000);
    assertThatThrownBy(() -> HazelcastClient.newHazelcastClient(config).shutdown())
        .hasMessageContaining("Unable to connect");
  }

  static Stream<Callable<String>> planted() {
    return Stream.of(new Planted.ByJava(), new Planted.ByName());
  }

  @ParameterizedTest
  @MethodSource("planted")
  void aMemberHasNoObjectMadeOfAClassThatNodesDoNotSend(Callable<String> planted) {
    HazelcastInstance other = foreign();
    Member target = ours.getCluster().getLocalMember();
    Future<String> done = other.getExecutorService("x").submitToMember(planted, target);
    assertThatThrownBy(() -> done.get(30, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
    assertThat(Planted.MADE).isEmpty();
    assertThat(ours.getCluster().getMembers()).hasSize(2);
  }

  private static byte[] packet(String protocol, int size) {
    return ByteBuffer.allocate(14)
        .put(protocol.getBytes(StandardCharsets.US_ASCII))
        .put((byte) 4)
        .putChar((char) 0)
        .putInt(-1)
        .putInt(size)
        .array();
  }

  /** Whether a connection that says this, and nothing more, is closed. */
  private boolean refuses(byte[] said) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(said);
      while (socket.getInputStream().read() >= 0) {
        // What it says of itself first.
      }
      return true;
    } catch (SocketException reset) {
      return true;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MAX_VALUE, Integer.MIN_VALUE, -1, 1 << 30, (16 << 20) + 1})
  void aPacketThatClaimsMoreThanNodesSendEndsItsConnectionAlone(int size) throws IOException {
    assertThat(refuses(packet("HZC", size))).isTrue();
    assertThat(ours.getLifecycleService().isRunning()).isTrue();
    assertThat(ours.getMap("values").put("a", "b")).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"CP2", "GET", "get", "HZX", "\u0016\u0003\u0001"})
  void nothingIsSpokenButTheProtocolOfMembers(String protocol) throws IOException {
    assertThat(refuses(packet(protocol, 1))).isTrue();
  }

  /** As a member says it that asks to join, in whatever pieces it comes. */
  @Test
  void aMemberOfAnotherVersionIsToldByItsAddressAndVersion() throws IOException {
    InternalSerializationService hazelcast =
        new DefaultSerializationServiceBuilder()
            .setVersionedSerializationEnabled(true)
            .setClusterVersionAware(new CodebaseClusterVersionAware())
            .build();
    assertThat(refuses(askingToJoin(hazelcast, MemberVersion.of(5, 3, 8)))).isTrue();
    assertThat(LOG.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .singleElement()
        .asString()
        .startsWith("a connection between members is refused, from /127.0.0.1:")
        .endsWith(": it runs Hazelcast 5.3.8, and members here run " + MemberVersions.OWN);
    MemberVersion patched =
        MemberVersion.of(MemberVersions.OWN.getMajor(), MemberVersions.OWN.getMinor(), 99);
    byte[] asked = askingToJoin(hazelcast, patched);
    assertThat(MemberVersions.strange(ByteBuffer.wrap(asked))).isNull();
  }

  private static byte[] askingToJoin(
      InternalSerializationService hazelcast, MemberVersion version) {
    byte[] said = hazelcast.toBytes(version);
    // Without the hash that stands before an object which is alone.
    byte[] object = Arrays.copyOfRange(said, Integer.BYTES, said.length);
    return ByteBuffer.allocate(14 + 60 + object.length)
        .put(packet("HZC", 60 + object.length))
        .put(new byte[60])
        .put(object)
        .array();
  }

  @Test
  void whoConnectsAndSaysNothingIsLetGoAndKeepsNobodyOut() throws IOException {
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 400; i++) {
        silent.add(new Socket(InetAddress.getLoopbackAddress(), port));
      }
      HazelcastInstance other = foreign();
      assertThat(other.getCluster().getMembers()).hasSize(2);
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(silent).allMatch(MemberIntrudersTest::isClosed));
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  private static boolean isClosed(Socket socket) {
    try {
      socket.setSoTimeout(1);
      return socket.getInputStream().read() < 0;
    } catch (java.net.SocketTimeoutException open) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }
}
