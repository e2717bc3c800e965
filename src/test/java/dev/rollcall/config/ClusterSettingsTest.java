package dev.rollcall.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rollcall.config.ClusterSettings.Network;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterSettingsTest extends LoadingTest {

  private static final String EXPOSED =
      ": a loopback address, unless cluster.tls or cluster.secret is given, or cluster.network is"
          + " private";

  private List<String> of(String keys) {
    return faults("cluster: {" + keys + "}\n").stream()
        .map(line -> line.replaceFirst("^cluster\\.", ""))
        .toList();
  }

  @Test
  void aNodeIsAloneOnLoopbackByDefault() {
    assertThat(Settings.of().cluster())
        .isEqualTo(
            new ClusterSettings(
                false,
                "rollcall",
                "127.0.0.1",
                5701,
                0,
                List.of(),
                Optional.empty(),
                Network.UNTRUSTED,
                Optional.empty(),
                Optional.empty(),
                64 << 20));
  }

  @Test
  void everyKeyIsRead() throws Exception {
    ClusterSettings cluster =
        settings(
                """
                cluster:
                  enabled: true
                  name: users-1
                  host: 10.0.0.1
                  port: 5702
                  busPort: 5801
                  members: ["10.0.0.1:5702", "node-2.example:5701", "[::1]:5701"]
                  network: private
                  tls: {certificate: a.pem, key: b.pem, trust: c.pem}
                  messageLimit: 8MiB
                """)
            .cluster();
    assertThat(cluster)
        .isEqualTo(
            new ClusterSettings(
                true,
                "users-1",
                "10.0.0.1",
                5702,
                5801,
                List.of("10.0.0.1:5702", "node-2.example:5701", "[::1]:5701"),
                Optional.empty(),
                Network.PRIVATE,
                Optional.of(new ClusterTls(Path.of("a.pem"), Path.of("b.pem"), Path.of("c.pem"))),
                Optional.empty(),
                8 << 20));
  }

  @Test
  void theExampleOfThreeNodesIsValid() throws Exception {
    Path example = Path.of("conf/cluster.yaml");
    assertThat(Settings.load(Map.of(), Optional.of(example), List.of()).settings().cluster())
        .satisfies(
            cluster -> {
              assertThat(cluster.members()).hasSize(3).contains("127.0.0.1:" + cluster.port());
              assertThat(cluster.tls()).isEmpty();
            });
  }

  @Test
  void membersMayBeGivenByTheEnvironmentAndByFlags() throws Exception {
    Map<String, String> env = Map.of("ROLLCALL_CLUSTER_MEMBERS", "a:1, b:2");
    assertThat(load("", env).settings().cluster().members()).containsExactly("a:1", "b:2");
    assertThat(load("", env, "cluster.members=c:3").settings().cluster().members())
        .containsExactly("c:3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "localhost", "::1", "[::1]"})
  void loopbackNeedsNoTls(String host) {
    assertThat(of("host: '" + host + "'")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.1", "node-1", "127.example.org", "fe80::1", "1270.0.0.1"})
  void anotherAddressNeedsTlsOrANetworkThatIsPrivate(String host) {
    assertThat(of("host: '" + host + "'")).containsExactly("host: \"" + host + '"' + EXPOSED);
    assertThat(of("network: private, host: '" + host + "'")).isEmpty();
    assertThat(of("tls: {certificate: a, key: b, trust: c}, host: '" + host + "'")).isEmpty();
  }

  @Test
  void tlsTakesAllThreeFiles() {
    String missing = ": missing: the path of a PEM file, as all three of cluster.tls";
    assertThat(of("host: 10.0.0.1, tls: {key: k.pem}"))
        .containsExactlyInAnyOrder("tls.certificate" + missing, "tls.trust" + missing);
    assertThat(of("tls: {certificate: '', key: 5, trust: c.pem}"))
        .containsExactlyInAnyOrder(
            "tls.certificate: \"\": the path of a PEM file", "tls.key: 5: the path of a PEM file");
    assertThat(of("tls: {certificates: a.pem, certificate: a, key: b, trust: c}"))
        .containsExactly("tls.certificates: unknown key; did you mean cluster.tls.certificate?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "enabled: maybe          | enabled: \"maybe\": true or false",
        "name: Rollcall          | name: \"Rollcall\": a name of 1 to 63 lower-case letters",
        "name: -a                | name: \"-a\": a name of 1 to 63 lower-case letters",
        "host: 0.0.0.0           | host: \"0.0.0.0\": the host name or IP address that the other",
        "host: '::'              | host: \"::\": the host name or IP address that the other nodes",
        "host: 'a b'             | host: \"a b\": the host name or IP address that the other",
        "port: 0                 | port: 0: an integer from 1 to 65535",
        "busPort: 65536          | busPort: 65536: an integer from 0 to 65535",
        "busPort: 5701           | busPort: 5701: another port than cluster.port",
        "members: ['127.0.0.1']  | members: \"127.0.0.1\": HOST:PORT, such as 127.0.0.1:5701",
        "members: ['a:0']        | members: \"a:0\": HOST:PORT, such as 127.0.0.1:5701",
        "members: ['a:65536']    | members: \"a:65536\": HOST:PORT, such as 127.0.0.1:5701",
        "members: ['a:1', 'a:1'] | members: \"a:1\": each of them once",
        "kubernetes: a_b         | kubernetes: \"a_b\": the DNS name of a headless service",
        "messageLimit: 1KiB      | messageLimit: \"1KiB\": a size from 1MiB to 1GiB",
        "network: open           | network: \"open\": untrusted or private",
        "hots: a                 | hots: unknown key; did you mean cluster.host?",
      })
  void whatIsWrongIsToldWithWhatIsAllowed(String keys, String fault) {
    assertThat(of(keys)).singleElement().satisfies(line -> assertThat(line).startsWith(fault));
  }

  @Test
  void aSecretStandsForTlsAndIsNeverShown() throws Exception {
    String secret = "0123456789abcdef0123456789abcdef";
    ClusterSettings cluster =
        settings("cluster: {host: 10.0.0.1, secret: " + secret + "}").cluster();
    assertThat(cluster.secret()).contains(secret);
    String allowed =
        "32 to 1024 characters that nobody can guess, such as those of openssl rand -hex 32";
    assertThat(of("secret: hunter2")).containsExactly("secret: (not shown): " + allowed);
    assertThat(of("secret: " + secret + ", tls: {certificate: a, key: b, trust: c}"))
        .containsExactly(
            "secret: (not shown): left out with cluster.tls, since either says who is a node");
    assertThat(cluster.toString()).doesNotContain(secret);
  }

  @Test
  void thereAreAHundredMembersAtMost() {
    String hundred =
        IntStream.range(0, 100).mapToObj(i -> "h:" + (5000 + i)).collect(Collectors.joining(","));
    assertThat(of("members: '" + hundred + "'")).isEmpty();
    assertThat(of("members: '" + hundred + ",h:1'"))
        .containsExactly("members: 101 of them: 0 to 100 members");
  }

  @Test
  void nodesAreFoundInOneWay() {
    assertThat(of("members: ['a:1'], kubernetes: rollcall.default.svc"))
        .containsExactly(
            "kubernetes: \"rollcall.default.svc\": left out with cluster.members,"
                + " since either says where the nodes are");
    assertThat(of("kubernetes: rollcall.default.svc")).isEmpty();
  }

  @Test
  void aStoreOfOtherNodesTakesACluster() throws Exception {
    assertThat(faults("store: {kind: remote}"))
        .containsExactly(
            "store.kind: remote: another kind, unless this process is a node of a cluster"
                + " (--cluster), since it has no others to ask");
    assertThat(settings("store: {kind: remote}\ncluster: {enabled: true}").store().kind())
        .isEqualTo(StoreSettings.Kind.REMOTE);
    // What is wrong with the cluster is told, and not that it is missing.
    assertThat(faults("store: {kind: remote}\ncluster: {enabled: true, port: 0}"))
        .containsExactly("cluster.port: 0: an integer from 1 to 65535");
    assertThat(faults("store: {kind: remote}\ncluster: {enabled: true, host: 10.0.0.1}"))
        .containsExactly("cluster.host: \"10.0.0.1\"" + EXPOSED);
  }

  @Test
  void allFaultsAreToldAtOnceAndNoneThatOnlyFollows() {
    assertThat(of("host: 10.0.0.1, network: open, port: 0, busPort: 0, name: ''")).hasSize(3);
  }

  @Test
  void recordsMadeByCodeAreHeldToTheSameRules() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Settings.of("cluster.host=10.0.0.1"))
        .withMessage("cluster.host: \"10.0.0.1\"" + EXPOSED);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ClusterTls(Path.of(""), Path.of("k"), Path.of("t")))
        .withMessage("cluster.tls.certificate: \"\": the path of a PEM file");
  }
}
