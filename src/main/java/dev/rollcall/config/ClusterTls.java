package dev.rollcall.config;

import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Section;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * PEM files by which nodes authenticate each other. Whoever holds a certificate of the authority is
 * a node.
 *
 * @param certificate this node's, and those between it and the authority
 * @param trust the authority's certificate; it signs certificates of nodes and no others
 */
public record ClusterTls(Path certificate, Path key, Path trust) {
  private static final Rule<Path> FILE = Rule.path("the path of a PEM file");
  private static final Key<Optional<Path>> CERTIFICATE =
      Key.optional("cluster.tls.certificate", FILE);
  private static final Key<Optional<Path>> KEY = Key.optional("cluster.tls.key", FILE);
  private static final Key<Optional<Path>> TRUST = Key.optional("cluster.tls.trust", FILE);

  public ClusterTls {
    CERTIFICATE.check(Optional.of(certificate));
    KEY.check(Optional.of(key));
    TRUST.check(Optional.of(trust));
  }

  /** All three files, or none. */
  static Optional<ClusterTls> from(Section cluster) {
    boolean given = cluster.has("tls");
    Section files = cluster.section("tls");
    List<Key<Optional<Path>>> keys = List.of(CERTIFICATE, KEY, TRUST);
    List<Path> read = keys.stream().map(key -> key.read(files)).flatMap(Optional::stream).toList();
    if (read.size() == keys.size()) {
      return Optional.of(new ClusterTls(read.get(0), read.get(1), read.get(2)));
    }
    for (Key<?> key : keys) {
      if (given && !files.has(key.name())) {
        files.refuse(key.name(), "missing", FILE.allowed() + ", as all three of cluster.tls");
      }
    }
    return Optional.empty();
  }
}
