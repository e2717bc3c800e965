package dev.rollcall.sources.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A key and its certificate, made by the JDK's own tool.
 *
 * @param keys both, as a PKCS #12 file
 * @param pem the certificate alone, for those who are to trust it
 */
public record TestCertificate(Path keys, Path pem) {

  public static final String PASSWORD = "changeit";

  /**
   * A certificate that nobody else knows.
   *
   * @param names of which subject, such as {@code dns:localhost,ip:127.0.0.1}
   */
  public static TestCertificate create(Path folder, String names) {
    Path keys = folder.resolve("keys.p12");
    Path pem = folder.resolve("certificate.pem");
    keytool(
        keys, List.of("-genkeypair", "-keyalg", "EC", "-dname", "CN=test", "-ext", "san=" + names));
    keytool(keys, List.of("-exportcert", "-rfc", "-file", pem.toString()));
    return new TestCertificate(keys, pem);
  }

  private static void keytool(Path keys, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(arguments);
    command.addAll(List.of("-alias", "test", "-keystore", keys.toString(), "-storepass", PASSWORD));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new AssertionError("no certificate: " + output);
      }
    } catch (IOException e) {
      throw new AssertionError("no certificate", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
