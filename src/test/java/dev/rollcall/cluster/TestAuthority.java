package dev.rollcall.cluster;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** An authority that signs certificates, and writes them and their keys to files. */
public final class TestAuthority {

  private final Path folder;
  private final X509Bundle authority;
  private final Map<String, X509Bundle> signed = new HashMap<>();

  private TestAuthority(Path folder, X509Bundle authority) {
    this.folder = folder;
    this.authority = authority;
  }

  /** A new one, which nobody else knows. */
  public static TestAuthority create(Path folder) {
    try {
      TestAuthority made =
          new TestAuthority(
              Files.createDirectories(folder),
              new CertificateBuilder()
                  .subject("CN=nodes")
                  .setIsCertificateAuthority(true)
                  .buildSelfSigned());
      Files.writeString(made.trust(), made.authority.getCertificatePEM());
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Exception e) {
      throw new AssertionError("no authority", e);
    }
  }

  /** Its certificate. */
  public Path trust() {
    return folder.resolve("ca.pem");
  }

  /** A certificate, once it was signed. */
  public Path certificate(String name) {
    return folder.resolve(name + ".pem");
  }

  /** A key, once its certificate was signed. */
  public Path key(String name) {
    return folder.resolve(name + "-key.pem");
  }

  /** Signs a certificate for a new key, and writes both. */
  public TestAuthority sign(String name) {
    try {
      X509Bundle made =
          new CertificateBuilder()
              .subject("CN=" + name)
              .addSanDnsName(name)
              .buildIssuedBy(authority);
      signed.put(name, made);
      Files.writeString(certificate(name), made.getCertificatePathPEM());
      Files.writeString(key(name), made.getPrivateKeyPEM());
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Exception e) {
      throw new AssertionError("no certificate", e);
    }
  }

  /**
   * What a program connects with that trusts this authority.
   *
   * @param by who signed its certificate; null for one that has none
   */
  public SSLContext client(@Nullable TestAuthority by, String name) {
    try {
      X509Bundle own = by == null ? null : by.signed.get(name);
      KeyManager[] keys = own == null ? null : own.toKeyManagerFactory().getKeyManagers();
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, authority.toTrustManagerFactory().getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
