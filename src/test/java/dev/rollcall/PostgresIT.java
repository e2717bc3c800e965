package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.store.postgres.PostgresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The jar on a PostgreSQL database: its start, two processes that share it, what it can't do. */
@Timeout(120)
class PostgresIT {
  @TempDir Path folder;

  @BeforeEach
  void empty() {
    PostgresServer.empty();
  }

  private RollcallProcess.Launch rollcall(String uri) {
    return RollcallProcess.in(folder)
        .without("store.path")
        .set("store.kind", "postgres")
        .env("ROLLCALL_STORE_URI", uri);
  }

  @Test
  void twoProcessesShareTheirUsers() {
    try (RollcallProcess one = rollcall(PostgresServer.uri()).start();
        RollcallProcess other = rollcall(PostgresServer.uri()).start()) {
      var created = one.client().sendJson("POST", "/users", "{\"name\":\"Alice\"}");
      assertThat(created.statusCode()).isEqualTo(201);
      var read = other.client().send("GET", "/users/1");
      assertThat(read.statusCode()).isEqualTo(200);
      assertThat(read.body()).isEqualTo(created.body());
      assertThat(read.headers().firstValue("ETag")).isEqualTo(created.headers().firstValue("ETag"));
      assertThat(other.client().send("GET", "/users/changes").body())
          .contains("\"kind\":\"created\"");
      assertThat(other.operator().send("GET", "/health/ready").statusCode()).isEqualTo(200);
      one.terminate();
      assertThat(one.awaitExit()).isZero();
      assertThat(other.client().send("GET", "/users/1").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aBackupIsTheDatabasesOwnAffair() {
    try (RollcallProcess process = rollcall(PostgresServer.uri()).start()) {
      var refused = process.operator().send("POST", "/backup");
      assertThat(refused.statusCode()).isEqualTo(501);
      assertThat(refused.body()).contains("pg_dump");
    }
  }

  @Test
  void aDatabaseThatCannotBeReachedIsOneLineWithoutThePassword() {
    RollcallProcess ended = rollcall("postgresql://a:secret@127.0.0.1:1/b").run();
    assertThat(ended.awaitExit()).isEqualTo(1);
    assertThat(ended.err())
        .containsExactly(
            "cannot start: the database 127.0.0.1:1/b can't be opened: the database can't be"
                + " reached");
    assertThat(ended.out()).noneMatch(line -> line.contains("secret"));
  }
}
