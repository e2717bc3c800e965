package dev.rollcall.config;

import dev.rollcall.config.reading.Faults;
import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.ListRule;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Section;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** How this process finds the other nodes of its cluster, and how they connect. */
public record ClusterSettings(
    boolean enabled,
    String name,
    String host,
    int port,
    int busPort,
    List<String> members,
    Optional<String> kubernetes,
    Network network,
    Optional<ClusterTls> tls,
    Optional<String> secret,
    int messageLimit) {
  /** Who can reach the ports of the nodes. */
  public enum Network {
    /** Anybody, so that only loopback is listened on without TLS or a secret. */
    UNTRUSTED,
    /** The nodes alone, by something outside Rollcall such as a mesh or a VPN. */
    PRIVATE
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

  private static final Rule<Integer> PORTS = Rule.integer(1, 65_535);
  private static final Key<Integer> PORT = Key.of("cluster.port", 5_701, PORTS);
  private static final Key<Integer> BUS_PORT = Key.integer("cluster.busPort", 0, 0, 65_535);

  private static final Pattern MEMBER = Pattern.compile(HOST_PATTERN + ":([0-9]{1,5})");

  private static final Key<List<String>> MEMBERS =
      Key.list(
          "cluster.members",
          List.of(),
          new ListRule<>(
              Rule.parsed(
                  text -> text,
                  ClusterSettings::isMember,
                  Faults::quoted,
                  "HOST:PORT, such as 127.0.0.1:5701 (IPv6 in brackets, a port from 1 to 65535)"),
              0,
              100,
              "members"));

  private static final Key<Optional<String>> KUBERNETES =
      Key.optional(
          "cluster.kubernetes",
          Rule.text(
              Pattern.compile("[\\p{Alnum}]([\\p{Alnum}.-]{0,251}[\\p{Alnum}])?"),
              "the DNS name of a headless service"));

  private static final Key<Optional<String>> SECRET =
      Key.optional(
          "cluster.secret",
          Rule.text(
                  Pattern.compile("[^\\p{Cntrl}]{32,1024}"),
                  "32 to 1024 characters that nobody can guess, such as those of openssl rand -hex"
                      + " 32")
              .secret());

  private static final Key<Integer> MESSAGE =
      Key.bytes("cluster.messageLimit", "64MiB", "1MiB", "1GiB");

  public ClusterSettings {
    NAME.check(name);
    HOST.check(host);
    PORT.check(port);
    BUS_PORT.check(busPort);
    MEMBERS.check(members);
    KUBERNETES.check(kubernetes);
    SECRET.check(secret);
    MESSAGE.check(messageLimit);
    members = List.copyOf(members);

    Faults faults = new Faults();
    if (port == busPort) {
      String shown = Integer.toString(busPort);
      faults.across(BUS_PORT.path(), shown, "another port than cluster.port", PORT.path());
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
    if (!HostRules.isLoopback(host)
        && tls.isEmpty()
        && secret.isEmpty()
        && network != Network.PRIVATE) {
      faults.across(
          "cluster.host",
          Faults.quoted(host),
          "a loopback address, unless cluster.tls or cluster.secret is given, or cluster.network is"
              + " private",
          "cluster.tls",
          SECRET.path(),
          NETWORK.path());
    }
    faults.throwIfAny();
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "cluster " + name + " at " + host + ":" + port;
  }

  private static boolean isMember(String text) {
    int port = text.lastIndexOf(':') + 1;
    return MEMBER.matcher(text).matches() && PORTS.allows(Integer.valueOf(text.substring(port)));
  }

  /** What stands for a section at fault in the rules across sections. */
  private static ClusterSettings defaults(boolean enabled) {
    return new ClusterSettings(
        enabled,
        NAME.fallback(),
        HOST.fallback(),
        PORT.fallback(),
        BUS_PORT.fallback(),
        List.of(),
        Optional.empty(),
        NETWORK.fallback(),
        Optional.empty(),
        Optional.empty(),
        MESSAGE.fallback());
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
          MEMBERS.read(section),
          KUBERNETES.read(section),
          NETWORK.read(section),
          ClusterTls.from(section),
          SECRET.read(section),
          MESSAGE.read(section));
    } catch (IllegalArgumentException acrossKeys) {
      section.refuse(acrossKeys);
      return defaults(enabled);
    }
  }
}
