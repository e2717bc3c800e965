package dev.rollcall.store.postgres;

import static dev.rollcall.users.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.rollcall.config.StoreSettings;
import dev.rollcall.sources.http.TestCertificate;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserWrite;
import io.vertx.core.Vertx;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server that asks for a password, and has a certificate for one of its two names. */
class PostgresLoginIT {

  private static final Vertx VERTX = Vertx.vertx();

  private static @TempDir Path folder = Path.of("");
  private static Path pem = Path.of("");
  private static int port;
  private static AutoCloseable server = () -> {};

  @BeforeAll
  static void start() throws Exception {
    TestCertificate certificate = TestCertificate.create(folder, "dns:localhost");
    pem = certificate.pem();
    Path key = key(certificate);
    EmbeddedPostgres started =
        EmbeddedPostgres.builder()
            .setDataDirectory(folder.resolve("data"))
            .setServerConfig("ssl", "on")
            .setServerConfig("ssl_cert_file", pem.toString())
            .setServerConfig("ssl_key_file", key.toString())
            .start();
    server = started;
    port = started.getPort();
    String admin = "postgresql://postgres@127.0.0.1:" + port + "/postgres";
    PostgresServer.execute(admin, "CREATE ROLE roll LOGIN PASSWORD 's@cret'");
    PostgresServer.execute(admin, "CREATE DATABASE roll OWNER roll");
    Files.writeString(
        folder.resolve("data").resolve("pg_hba.conf"),
        """
        host    all postgres all trust
        hostssl all all      all scram-sha-256
        """);
    PostgresServer.execute(admin, "SELECT pg_reload_conf()");
  }

  /** The certificate's key in the form that the server reads. */
  private static Path key(TestCertificate certificate)
      throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    char[] password = TestCertificate.PASSWORD.toCharArray();
    try (InputStream file = Files.newInputStream(certificate.keys())) {
      keys.load(file, password);
    }
    byte[] encoded = keys.getKey("test", password).getEncoded();
    Path key = folder.resolve("key.pem");
    Files.writeString(
        key,
        "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
            .formatted(Base64.getMimeEncoder().encodeToString(encoded)));
    return Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    await(VERTX.close());
  }

  private static PostgresStore store(String host, String... more) {
    String uri = "postgresql://roll:s%40cret@" + host + ":" + port + "/roll";
    return PostgresServer.store(VERTX, PostgresServer.settings(uri, more));
  }

  @ParameterizedTest
  @CsvSource({"localhost, verify-full", "localhost, verify-ca", "127.0.0.1, verify-ca"})
  void aServerThatAnAuthorityVouchesForIsTrusted(String host, String tls) {
    try (PostgresStore store = store(host, "store.tls=" + tls, "store.trust=" + pem)) {
      assertWrites(store);
    }
  }

  @Test
  void whereOnlyEncryptionIsAskedForAnybodyIsTrusted() {
    try (PostgresStore store = store("127.0.0.1", "store.tls=require")) {
      assertWrites(store);
    }
  }

  private static void assertWrites(PostgresStore store) {
    UserDraft draft = new UserDraft(null, "A", null, "{}");
    assertThat(await(store.write(new UserWrite.Create(draft, null))).user().name()).isEqualTo("A");
  }

  @Test
  void aServerUnderAnotherNameIsNotTrusted() {
    assertThatIllegalStateException()
        .isThrownBy(() -> store("127.0.0.1", "store.tls=verify-full", "store.trust=" + pem))
        .withMessageEndingWith("the connection can't be protected as store.tls asks");
  }

  @Test
  void aServerThatTheAuthoritiesOfTheJvmDoNotKnowIsNotTrusted() {
    assertThatIllegalStateException()
        .isThrownBy(() -> store("localhost", "store.tls=verify-full"))
        .withMessageEndingWith("the connection can't be protected as store.tls asks");
  }

  @Test
  void whoeverIsRefusedIsTold() {
    assertThatIllegalStateException()
        .isThrownBy(() -> store("localhost", "store.tls=disable"))
        .withMessageEndingWith("the database refuses the user or the password");
    assertThatIllegalStateException()
        .isThrownBy(() -> store("localhost", "store.tls=require", "store.password=wrong"))
        .withMessageEndingWith("the database refuses the user or the password");
  }

  @Test
  void aServerWithoutTlsIsNotTakenForOneThatIsAway() {
    StoreSettings.Postgres plain =
        PostgresServer.settings(PostgresServer.uri(), "store.tls=require");
    assertThatIllegalStateException()
        .isThrownBy(() -> PostgresServer.store(VERTX, plain))
        .withMessageEndingWith("the connection can't be protected as store.tls asks");
  }
}
