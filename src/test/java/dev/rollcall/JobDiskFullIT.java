package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A job whose disk is really full: a file system in memory of some megabytes. Skipped where it
 * can't be mounted, which takes root.
 */
class JobDiskFullIT {

  private static final long DISK_BYTES = 160 << 20;

  /** More than the write-ahead log, which needs as much space again to be taken over. */
  private static final int BALLAST_BYTES = 148 << 20;

  private static final int USERS = 4000;

  private @TempDir Path folder = Path.of("");
  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger asked = new AtomicInteger();
  private HttpServer upstream;

  @BeforeEach
  void mount() throws Exception {
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=" + DISK_BYTES, "tmpfs", folder.toString()),
        "a file system in memory can't be mounted here");
    String filler = "x".repeat(3000);
    upstream =
        vertx
            .createHttpServer()
            .requestHandler(
                request -> {
                  asked.incrementAndGet();
                  String id = request.path().substring(1);
                  request
                      .response()
                      .putHeader("Content-Type", "application/json")
                      .end("{\"id\":%s,\"name\":\"U\",\"filler\":\"%s\"}".formatted(id, filler));
                })
            .listen(0, "127.0.0.1")
            .await(20, TimeUnit.SECONDS);
  }

  @AfterEach
  void unmount() throws Exception {
    vertx.close().await(20, TimeUnit.SECONDS);
    run("umount", folder.toString());
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false; // There is no such program.
    }
  }

  private static JsonNode job(RollcallProcess process) {
    return RollcallClient.json(process.client().send("GET", "/jobs/1"));
  }

  @Test
  void itWaitsForSpaceAndGoesOn() throws Exception {
    Path ballast = folder.resolve("ballast");
    Files.write(ballast, new byte[BALLAST_BYTES]);
    try (RollcallProcess process =
        RollcallProcess.in(folder)
            .set("log.access", "false")
            .set("sources.people.http", "http://127.0.0.1:" + upstream.actualPort() + "/{id}")
            .start()) {
      String ids =
          LongStream.rangeClosed(1, USERS)
              .mapToObj(Long::toString)
              .collect(Collectors.joining(","));
      HttpResponse<String> started =
          process
              .client()
              .sendJson(
                  "POST", "/jobs", "{\"import\":{\"source\":\"people\",\"ids\":[" + ids + "]}}");
      assertThat(started.statusCode()).isEqualTo(202);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () ->
                  process.out().stream().anyMatch(line -> line.contains("results of job 1 wait")));
      AtomicInteger last = new AtomicInteger();
      await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofSeconds(1))
          .until(() -> last.getAndSet(asked.get()) == asked.get());
      assertThat(asked.get()).isLessThan(USERS);
      assertThat(job(process).get("state").textValue()).isEqualTo("running");
      Files.delete(ballast);
      await().atMost(Duration.ofSeconds(60)).until(() -> !job(process).get("endedAt").isNull());
      JsonNode ended = job(process);
      assertThat(ended.get("state").textValue()).isEqualTo("succeeded");
      assertThat(ended.get("done").intValue()).isEqualTo(USERS);
      assertThat(ended.get("failed").intValue()).isZero();
      assertThat(process.client().send("GET", "/users/export").body().lines()).hasSize(USERS);
      assertThat(process.client().send("GET", "/jobs/1/results").body().lines()).hasSize(USERS);
    }
  }
}
