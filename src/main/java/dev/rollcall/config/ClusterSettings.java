package dev.rollcall.config;

import static dev.rollcall.config.reading.Units.GIB;
import static dev.rollcall.config.reading.Units.MIB;

import dev.rollcall.config.reading.Faults;
import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.ListRule;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Section;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How this process finds the other nodes of its cluster, and how they talk to each other.
 *
 * @param enabled whether there is a cluster at all; {@code --cluster} turns it on
 * @param name which cluster it is: nodes of another name are left alone
 * @param host the address that this node listens on and that the others reach it at, so no wildcard
 * @param port for what the members tell each other
 * @param busPort for the event bus, where 0 picks a free one
 * @param members where nodes may be found, as {@code HOST:PORT}
 * @param kubernetes the DNS name of a headless service whose addresses are those of the nodes,
 *     instead of members
 * @param network whether others than the nodes can reach their ports
 * @param tls what nodes prove to each other who they are by, and encrypt with
 * @param secret what all nodes of the cluster know and nobody else does, instead of tls: they prove
 *     by it that they are nodes, and encrypt with what follows from it
 * @param messageLimit bytes of one message of the event bus between nodes, with its headers
 */
public record ClusterSettings(
    boolean enabled,
    String name,
    String host,
    int port,
    int busPort,
    List<String> members,
    Optional<String> kubernetes,
    Network network,
    Optional<Tls> tls,
    Optional<String> secret,
    int messageLimit) {

  /** Who can reach the ports of the nodes. */
  public enum Network {
    /** Anybody, so that nothing but loopback is listened on without TLS. */
    UNTRUSTED,
    /** The nodes alone, which something beside Rollcall sees to, such as a mesh or a VPN. */
    PRIVATE
  }

  /**
   * PEM files. Whoever holds a certificate of the authority is a node of the cluster.
   *
   * @param certificate this node's, and those between it and the authority
   * @param key its private key, in PKCS #8 and without a password
   * @param trust the authority's certificate; it signs certificates of nodes and no others
   */
  public record Tls(Path certificate, Path key, Path trust) {
    public Tls {
      FILE.check("cluster.tls.certificate", certificate);
      FILE.check("cluster.tls.key", key);
      FILE.check("cluster.tls.trust", trust);
    }
  }

  private static final Key<Boolean> ENABLED = Key.of("cluster.enabled", false, Rule.bool());
  private static final Key<Network> NETWORK =
      Key.of("cluster.network", Network.UNTRUSTED, Rule.oneOf(Network.class));

  private static final Key<String> NAME =
      Key.of(
          "cluster.name",
          "rollcall",
          Rule.text(
              Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"),
              "a name of 1 to 63 lower-case letters, digits and -, not at the ends"));

  private static final String HOST_PATTERN = "([\\p{Alnum}._-]{1,253}|\\[[\\p{XDigit}:.]{2,45}])";

  private static final Key<String> HOST =
      Key.of(
          "cluster.host",
          "127.0.0.1",
          Rule.text(
              Pattern.compile(
                  "(?!(0\\.0\\.0\\.0|::|\\[::])$)(" + HOST_PATTERN + "|[\\p{XDigit}:.]{2,45})"),
              "the host name or IP address that the other nodes reach this one at, so not"
                  + " 0.0.0.0"));

  private static final Key<Integer> PORT = Key.of("cluster.port", 5_701, Rule.integer(1, 65_535));
  private static final Key<Integer> BUS_PORT =
      Key.of("cluster.busPort", 0, Rule.integer(0, 65_535));

  private static final Pattern MEMBER = Pattern.compile(HOST_PATTERN + ":([0-9]{1,5})");

  private static final ListRule<String> MEMBERS =
      new ListRule<>(
          Rule.parsed(
              text -> text,
              ClusterSettings::isMember,
              Faults::quoted,
              "HOST:PORT, such as 127.0.0.1:5701 (IPv6 in brackets, a port from 1 to 65535)"),
          0,
          100,
          "members");

  private static final Rule<String> DNS_NAME =
      Rule.text(
          Pattern.compile("[\\p{Alnum}]([\\p{Alnum}.-]{0,251}[\\p{Alnum}])?"),
          "the DNS name of a headless service");

  private static final Rule<String> SECRET =
      Rule.text(
              Pattern.compile("[^\\p{Cntrl}]{32,1024}"),
              "32 to 1024 characters that nobody can guess, such as those of openssl rand -hex 32")
          .secret();

  private static final Key<Integer> MESSAGE =
      Key.of("cluster.messageLimit", 64 * (int) MIB, Rule.bytes(MIB, GIB));

  private static final Rule<Path> FILE = Rule.path("the path of a PEM file");

  public ClusterSettings {
    NAME.check(name);
    HOST.check(host);
    PORT.check(port);
    BUS_PORT.check(busPort);
    MEMBERS.check("cluster.members", members);
    kubernetes.ifPresent(service -> DNS_NAME.check("cluster.kubernetes", service));
    secret.ifPresent(text -> SECRET.check("cluster.secret", text));
    MESSAGE.check(messageLimit);
    members = List.copyOf(members);

    Faults faults = new Faults();
    if (port == busPort) {
      faults.across(
          "cluster.busPort",
          Integer.toString(busPort),
          "another port than cluster.port",
          "cluster.port");
    }
    if (kubernetes.isPresent() && !members.isEmpty()) {
      faults.across(
          "cluster.kubernetes",
          Faults.quoted(kubernetes.get()),
          "left out with cluster.members, since either says where the nodes are",
          "cluster.members");
    }
    if (secret.isPresent() && tls.isPresent()) {
      faults.across(
          "cluster.secret",
          Rule.HIDDEN,
          "left out with cluster.tls, since either says who is a node",
          "cluster.tls");
    }
    if (!isLoopback(host) && tls.isEmpty() && secret.isEmpty() && network != Network.PRIVATE) {
      faults.across(
          "cluster.host",
          Faults.quoted(host),
          "a loopback address, unless cluster.tls or cluster.secret is given, or cluster.network is"
              + " private",
          "cluster.tls",
          "cluster.secret",
          "cluster.network");
    }
    faults.throwIfAny();
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "cluster " + name + " at " + host + ":" + port;
  }

  private static boolean isMember(String text) {
    Matcher parts = MEMBER.matcher(text);
    return parts.matches() && PORT.rule().allows(Integer.valueOf(parts.group(2)));
  }

  /** The defaults, for checks across sections after a fault within this one. */
  private static ClusterSettings defaults(boolean enabled) {
    return new ClusterSettings(
        enabled,
        NAME.fallback().get(),
        HOST.fallback().get(),
        PORT.fallback().get(),
        BUS_PORT.fallback().get(),
        List.of(),
        Optional.empty(),
        NETWORK.fallback().get(),
        Optional.empty(),
        Optional.empty(),
        MESSAGE.fallback().get());
  }

  static ClusterSettings from(Section section) {
    boolean enabled = ENABLED.read(section);
    try {
      return new ClusterSettings(
          enabled,
          NAME.read(section),
          HOST.read(section),
          PORT.read(section),
          BUS_PORT.read(section),
          section.list("members", MEMBERS),
          section.find("kubernetes", DNS_NAME),
          NETWORK.read(section),
          tls(section),
          section.find("secret", SECRET),
          MESSAGE.read(section));
    } catch (IllegalArgumentException acrossKeys) {
      section.refuse(acrossKeys);
      return defaults(enabled);
    }
  }

  /** All three files, or none. */
  private static Optional<Tls> tls(Section section) {
    boolean given = section.has("tls");
    Section files = section.section("tls");
    Optional<Path> certificate = files.find("certificate", FILE);
    Optional<Path> key = files.find("key", FILE);
    Optional<Path> trust = files.find("trust", FILE);
    if (certificate.isPresent() && key.isPresent() && trust.isPresent()) {
      return Optional.of(new Tls(certificate.get(), key.get(), trust.get()));
    }
    if (given) {
      for (String file : List.of("certificate", "key", "trust")) {
        if (!files.has(file)) {
          files.refuse(file, "missing", "the path of a PEM file, as all three of cluster.tls");
        }
      }
    }
    return Optional.empty();
  }

  /** Whether nobody on another machine can reach an address. A name counts as one that can. */
  private static boolean isLoopback(String host) {
    String bare = host.toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", "");
    return bare.equals("localhost") || bare.equals("::1") || bare.matches("127(\\.[0-9]{1,3}){3}");
  }
}
