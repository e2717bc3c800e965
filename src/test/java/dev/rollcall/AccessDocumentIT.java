package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The five commands that lead from nothing to a server with keys, as the documents show them. */
@Timeout(180)
class AccessDocumentIT {

  private static final int PATIENCE_SECONDS = 120;

  /** What whoever has followed the document tries next, and the end of the server. */
  private static final String AFTERWARDS =
      """

      echo
      # Printed at once: the server logs to the same place.
      status() {
        code=$(curl -sS -o body -w '%{http_code}' --cacert data/cert.pem "$@")
        printf '\\n%s %s\\n' "$code" "$(cat body)"
      }
      status https://localhost:8080/users -H "Authorization: Bearer $BILLING" \
        -H 'Content-Type: application/json' -d '{"name":"Alice"}'
      status https://localhost:8080/keys -H "Authorization: Bearer $BILLING"
      status https://localhost:8080/users
      kill %1
      wait %1 || true
      """;

  @TempDir Path folder;

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Test
  void fiveCommandsLeadFromNothingToAServerWithAKeyThatMayOnlyRead() throws Exception {
    assumeThat(new ProcessBuilder("sh", "-c", "command -v curl && command -v openssl").start())
        .as("curl and openssl are installed here")
        .satisfies(found -> assertThat(found.waitFor()).isZero());
    String commands = Page.named("access").blocks("sh").get(0);
    assertThat(commands.strip().split("\n\n")).as("so many commands").hasSize(5);
    int port = freePort();
    writeScript();
    Path out = folder.resolve("printed");
    ProcessBuilder shell =
        new ProcessBuilder(
                "bash",
                "-euc",
                (commands + AFTERWARDS).replace("localhost:8080", "localhost:" + port))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    shell.environment().put("ROLLCALL_HTTP_PORT", Integer.toString(port));
    shell.environment().put("ROLLCALL_MANAGEMENT_PORT", "0");
    Process process = shell.start();
    boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    String printed = Files.readString(out);
    assertThat(ended).as(printed).isTrue();
    assertThat(process.exitValue()).as(printed).isZero();
    assertThat(printed)
        .containsSubsequence(
            "{\"items\":[],\"next\":null}",
            "\n403 {",
            "this needs the scope users:write",
            "\n403 {",
            "this needs the scope keys",
            "\n401 {",
            "a key or a token is needed")
        .doesNotContain("rck_");
    for (String kept : List.of("data/rollcall.db", "data/key.pem")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(kept))))
          .as(kept)
          .isEqualTo("rw-------");
    }
  }

  /** In place of the one of a clone, which would build the jar that is there already. */
  private void writeScript() throws IOException {
    Path script = Files.createDirectory(folder.resolve("scripts")).resolve("run");
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Path jar = Path.of(System.getProperty("rollcall.jar")).toAbsolutePath();
    Files.writeString(
        script,
        "#!/bin/sh\nexec '" + java + "' -XX:TieredStopAtLevel=1 -jar '" + jar + "' \"$@\"\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
  }
}
