package dev.rollcall.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import dev.rollcall.config.ClusterSettings;
import dev.rollcall.config.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What members tell each other passes between those alone whom the authority knows. */
@Timeout(120)
@Tag("slow")
class MemberTlsTest {

  @TempDir static Path folder;

  private static TestAuthority authority;
  private static TestAuthority foreign;

  private final List<HazelcastInstance> members = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newFixedThreadPool(3);
  private int first;
  private int second;
  private List<Integer> others;

  @BeforeAll
  static void sign() {
    authority = TestAuthority.create(folder.resolve("ours")).sign("a").sign("b");
    foreign = TestAuthority.create(folder.resolve("foreign")).sign("c");
  }

  @BeforeEach
  void findPorts() throws IOException {
    List<Integer> ports = FreePorts.find(4);
    first = ports.get(0);
    second = ports.get(1);
    others = ports.subList(1, 4);
  }

  @AfterEach
  void end() {
    members.forEach(member -> member.getLifecycleService().terminate());
    threads.shutdownNow();
  }

  private HazelcastInstance start(int port, String... sets) {
    List<String> all = new ArrayList<>(Arrays.asList(sets));
    all.add("cluster.port=" + port);
    all.add(String.format(Locale.ROOT, "cluster.members=127.0.0.1:%d,127.0.0.1:%d", first, second));
    ClusterSettings settings = Settings.of(all.toArray(String[]::new)).cluster();
    HazelcastInstance member = HazelcastMember.start(settings, NodeCertificate.of(settings));
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
    for (int key = 0; key < 12; key++) {
      byte[] value = new byte[key % 4 == 0 ? 1_000_000 : key * 3000];
      random.nextBytes(value);
      here.put(key, value);
      assertThat(there.get(key)).isEqualTo(value);
    }
  }

  /** A stranger starts no cluster of its own beside the one that does not let it in. */
  @Test
  void strangersAreNotLetIn() {
    HazelcastInstance one = start(first, tls(authority, "a"));
    // Each tries for a while, so they do at the same time.
    List<CompletableFuture<HazelcastInstance>> strangers =
        List.of(
            // It trusts ours, and only what it shows itself is foreign.
            startLater(others.get(0), tls(foreign, "c", authority)),
            startLater(others.get(1), tls(authority, "b", foreign)),
            startLater(others.get(2)));
    for (CompletableFuture<HazelcastInstance> stranger : strangers) {
      assertThat(stranger)
          .failsWithin(Duration.ofSeconds(90))
          .withThrowableThat()
          .withMessageContaining(
              "a member of the cluster was found that does not let this node in");
    }
    assertThat(size(one)).isEqualTo(1);
  }

  private CompletableFuture<HazelcastInstance> startLater(int port, String... sets) {
    return CompletableFuture.supplyAsync(() -> start(port, sets), threads);
  }

  @Test
  void aFileThatIsOfNoUseIsToldWithItsKey() throws IOException {
    Path none = folder.resolve("none.pem");
    assertThatIllegalStateException()
        .isThrownBy(() -> NodeCertificate.of(withKey(none)))
        .withMessage("cluster.tls.key: " + none + " can't be read");
    Path text = Files.writeString(folder.resolve("text.pem"), "no key", StandardCharsets.UTF_8);
    assertThatIllegalStateException()
        .isThrownBy(() -> TlsContexts.of(NodeCertificate.of(withKey(text)).orElseThrow()))
        .withMessageStartingWith("cluster.tls: ")
        .withMessageContaining(text.toString());
  }

  private static ClusterSettings withKey(Path key) {
    return Settings.of(
            "cluster.tls.certificate=" + authority.certificate("a"),
            "cluster.tls.key=" + key,
            "cluster.tls.trust=" + authority.trust())
        .cluster();
  }

  @Test
  void membersOfOneSecretShareWhatTheyKnowAndThoseOfAnotherAreKeptOut() {
    String secret = "cluster.secret=0123456789abcdef0123456789abcdef";
    HazelcastInstance one = start(first, secret);
    HazelcastInstance other = start(second, secret);
    assertThat(size(one)).isEqualTo(2);
    one.getMap("values").put("a", new byte[1_000_000]);
    assertThat(other.<String, byte[]>getMap("values").get("a")).hasSize(1_000_000);

    List<CompletableFuture<HazelcastInstance>> strangers =
        List.of(
            startLater(others.get(1), secret.replace("0123", "3210")), startLater(others.get(2)));
    for (CompletableFuture<HazelcastInstance> stranger : strangers) {
      assertThat(stranger).failsWithin(Duration.ofSeconds(90));
    }
    assertThat(size(one)).isEqualTo(2);
  }
}
