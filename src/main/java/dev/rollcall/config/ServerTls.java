package dev.rollcall.config;

import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Section;
import java.nio.file.Path;
import java.util.Optional;

/**
 * PEM files by which a port proves who it is, and may ask that of its clients.
 *
 * @param certificate the port's, and those between it and its authority
 * @param key its private key, of RSA or EC, in PKCS #8 and without a password
 * @param clients the authority whose certificates clients need; none asks for no certificate
 */
public record ServerTls(Path certificate, Path key, Optional<Path> clients) {
  private static final Rule<Path> FILE = Rule.path("the path of a PEM file");
  private static final Key<Optional<Path>> CERTIFICATE = Key.optional("tls.certificate", FILE);
  private static final Key<Optional<Path>> KEY = Key.optional("tls.key", FILE);
  private static final Key<Optional<Path>> CLIENTS = Key.optional("tls.clients", FILE);

  public ServerTls {
    CERTIFICATE.check(Optional.of(certificate));
    KEY.check(Optional.of(key));
    CLIENTS.check(clients);
  }

  /** The certificate with its key, or nothing. */
  static Optional<ServerTls> from(Section port) {
    boolean given = port.has("tls");
    Section files = port.section("tls");
    Optional<Path> certificate = CERTIFICATE.read(files);
    Optional<Path> key = KEY.read(files);
    Optional<Path> clients = CLIENTS.read(files);
    if (given) {
      require(files, CERTIFICATE, "beside the key");
      require(files, KEY, "beside the certificate");
    }
    return certificate.flatMap(own -> key.map(secret -> new ServerTls(own, secret, clients)));
  }

  private static void require(Section files, Key<?> key, String where) {
    if (!files.has(key.name())) {
      files.refuse(key.name(), "missing", FILE.allowed() + ", " + where);
    }
  }
}
