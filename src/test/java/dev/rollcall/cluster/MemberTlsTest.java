package dev.rollcall.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import dev.rollcall.config.ClusterSettings;
import dev.rollcall.config.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What members tell each other passes between those alone whom the authority knows. */
@Timeout(120)
class MemberTlsTest {

  @TempDir static Path folder;

  private static TestAuthority authority;
  private static TestAuthority foreign;

  private final List<HazelcastInstance> members = new ArrayList<>();
  private int first;
  private int second;

  @BeforeAll
  static void sign() {
    authority = TestAuthority.create(folder.resolve("ours")).sign("a").sign("b");
    foreign = TestAuthority.create(folder.resolve("foreign")).sign("c");
  }

  @BeforeEach
  void findPorts() throws IOException {
    try (ServerSocket one = listen();
        ServerSocket other = listen()) {
      first = one.getLocalPort();
      second = other.getLocalPort();
    }
  }

  private static ServerSocket listen() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void end() {
    members.forEach(member -> member.getLifecycleService().terminate());
  }

  private HazelcastInstance start(int port, String... sets) {
    List<String> all = new ArrayList<>(Arrays.asList(sets));
    all.add("cluster.port=" + port);
    all.add("cluster.members=127.0.0.1:%d,127.0.0.1:%d".formatted(first, second));
    ClusterSettings settings = Settings.of(all.toArray(String[]::new)).cluster();
    HazelcastInstance member = Members.start(settings);
    members.add(member);
    return member;
  }

  private static String[] tls(TestAuthority by, String node) {
    return tls(by, node, by);
  }

  private static String[] tls(TestAuthority by, String node, TestAuthority trusted) {
    return new String[] {
      "cluster.tls.certificate=" + by.certificate(node),
      "cluster.tls.key=" + by.key(node),
      "cluster.tls.trust=" + trusted.trust()
    };
  }

  private static int size(HazelcastInstance member) {
    return member.getCluster().getMembers().size();
  }

  @Test
  void membersOfOneAuthorityShareWhatTheyKnowHoweverLargeItIs() {
    HazelcastInstance one = start(first, tls(authority, "a"));
    HazelcastInstance other = start(second, tls(authority, "b"));
    assertThat(size(one)).isEqualTo(2);
    assertThat(size(other)).isEqualTo(2);

    Random random = new Random(1);
    IMap<Integer, byte[]> here = one.getMap("values");
    IMap<Integer, byte[]> there = other.getMap("values");
    // About half of the keys belong to either member, so both ways are gone, by values of many
    // records and of less than one.
    for (int key = 0; key < 40; key++) {
      byte[] value = new byte[key % 4 == 0 ? 1_000_000 : key * 1000];
      random.nextBytes(value);
      here.put(key, value);
      assertThat(there.get(key)).isEqualTo(value);
    }
  }

  /** It can't tell who it is that refuses it, and starts no cluster of its own beside that one. */
  private void assertNotLetIn(String... stranger) {
    HazelcastInstance one = start(first, tls(authority, "a"));
    assertThatIllegalStateException()
        .isThrownBy(() -> start(second, stranger))
        .withMessageStartingWith(
            "a member of the cluster was found that does not let this node in");
    assertThat(size(one)).isEqualTo(1);
  }

  @Test
  void whoeverHasACertificateOfAnotherAuthorityIsNotLetIn() {
    // It trusts ours, and only what it shows itself is foreign.
    assertNotLetIn(tls(foreign, "c", authority));
  }

  @Test
  void aMemberThatTrustsAnotherAuthorityDoesNotJoin() {
    assertNotLetIn(tls(authority, "b", foreign));
  }

  @Test
  void whoeverSpeaksWithoutTlsIsNotLetIn() {
    assertNotLetIn();
  }

  @Test
  void aFileThatIsOfNoUseIsToldWithItsKey() throws IOException {
    Path none = folder.resolve("none.pem");
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                TlsContexts.load(
                    new ClusterSettings.Tls(authority.certificate("a"), none, authority.trust())))
        .withMessage("cluster.tls.key: " + none + " can't be read");
    Path text = Files.writeString(folder.resolve("text.pem"), "no key", StandardCharsets.UTF_8);
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                TlsContexts.load(
                    new ClusterSettings.Tls(authority.certificate("a"), text, authority.trust())))
        .withMessageStartingWith("cluster.tls: ")
        .withMessageContaining(text.toString());
  }
}
