package dev.rollcall.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * An authority that signs certificates of nodes, made by the JDK's own tool.
 *
 * @param folder where its files are
 */
public record TestAuthority(Path folder) {

  private static final String PASSWORD = "changeit";

  /** A new one, which nobody else knows. */
  public static TestAuthority create(Path folder) {
    try {
      TestAuthority authority = new TestAuthority(Files.createDirectories(folder));
      authority.keytool("-genkeypair", "-alias", "ca", "-dname", "CN=nodes", "-ext", "bc=ca:true");
      authority.keytool(
          "-exportcert", "-rfc", "-alias", "ca", "-file", authority.trust().toString());
      return authority;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its certificate. */
  public Path trust() {
    return folder.resolve("ca.pem");
  }

  /** A node's certificate, once it was signed. */
  public Path certificate(String node) {
    return folder.resolve(node + ".pem");
  }

  /** A node's key, once its certificate was signed. */
  public Path key(String node) {
    return folder.resolve(node + "-key.pem");
  }

  /** Signs a certificate for a new key, and writes both. */
  public TestAuthority sign(String node) {
    keytool("-genkeypair", "-alias", node, "-dname", "CN=" + node, "-signer", "ca");
    try {
      KeyStore store = keys();
      write(certificate(node), "CERTIFICATE", store.getCertificate(node).getEncoded());
      write(key(node), "PRIVATE KEY", store.getKey(node, PASSWORD.toCharArray()).getEncoded());
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * What a program connects with that trusts this authority.
   *
   * @param by who signed its certificate; null for one that has none
   */
  public SSLContext client(@Nullable TestAuthority by, String node) {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("ca", keys().getCertificate("ca"));
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(trusted);
      KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
      KeyStore key = KeyStore.getInstance("PKCS12");
      key.load(null, null);
      if (by != null) {
        char[] password = PASSWORD.toCharArray();
        KeyStore from = by.keys();
        key.setKeyEntry(
            "own", from.getKey(node, password), password, from.getCertificateChain(node));
      }
      own.init(key, PASSWORD.toCharArray());
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private KeyStore keys() throws IOException, GeneralSecurityException {
    try (InputStream keys = Files.newInputStream(store())) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(keys, PASSWORD.toCharArray());
      return store;
    }
  }

  private Path store() {
    return folder.resolve("keys.p12");
  }

  private static void write(Path file, String what, byte[] encoded) throws IOException {
    String text =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(encoded);
    Files.writeString(
        file, "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, text, what));
  }

  private void keytool(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(Arrays.asList(arguments));
    if (arguments[0].equals("-genkeypair")) {
      command.addAll(List.of("-keyalg", "EC", "-validity", "30"));
    }
    command.addAll(List.of("-keystore", store().toString(), "-storepass", PASSWORD));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new AssertionError("no certificate: " + output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
