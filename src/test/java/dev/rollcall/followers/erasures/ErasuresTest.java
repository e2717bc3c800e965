package dev.rollcall.followers.erasures;

import static dev.rollcall.followers.erasures.ErasureSite.answer;
import static dev.rollcall.followers.erasures.ErasureSite.state;
import static dev.rollcall.followers.erasures.ErasureSite.target;
import static dev.rollcall.users.Awaiting.await;
import static dev.rollcall.users.Awaiting.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.followers.cursors.CursorStore.WantedCursor;
import dev.rollcall.followers.webhooks.WebhookSecret;
import dev.rollcall.followers.webhooks.WebhookSpec;
import dev.rollcall.followers.webhooks.WebhookStore.Declarer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users who are erased: in sources, webhooks and followers, whatever fails meanwhile. */
@Tag("slow")
class ErasuresTest {
  private @TempDir Path folder = Path.of("");

  private static String[] sources(String... names) {
    return Stream.of(names)
        .flatMap(name -> Stream.of(ErasureSite.source(name)))
        .toArray(String[]::new);
  }

  private static double gauge(ErasureSite site, String state) {
    return site.registry.get("rollcall.erasures").tag("state", state).gauge().value();
  }

  @Test
  void aUserIsErasedEverywhereThoughASourceFailsForAWhile()
      throws IOException, InterruptedException {
    try (ErasureSite site = new ErasureSite(folder, sources("a", "b", "c"))) {
      long user = site.create();
      Declarer all = new Declarer(null, true);
      WebhookSpec spec =
          new WebhookSpec("w", site.url("/hook/w"), Set.of(), false, false, List.of());
      await(site.webhooks.declare(spec, WebhookSecret.generate(), -1, all));
      await(
          site.store
              .tables()
              .cursors()
              .putCursor(new WantedCursor(9, "f", null, 0, Instant.now(), null, true)));
      site.behaviour.put("b", request -> answer(request, 404));
      site.behaviour.put("c", request -> answer(request, 503));

      JsonNode begun = site.erase(user);
      long id = begun.path("id").asLong();
      assertThat(begun.path("user").asLong()).isEqualTo(user);
      assertThat(begun.path("by").asText()).isEqualTo("key:7");
      assertThat(await(site.store.changes(0, 10, new Cancellation())).items().get(1).seq())
          .isEqualTo(begun.path("seq").asLong());
      assertThat(await(site.store.find(user, new Cancellation()))).isEmpty();

      JsonNode waiting =
          site.until(
              id,
              now ->
                  Stream.of("a", "b", "w").allMatch(name -> state(now, name).equals("erased"))
                      && state(now, "c").equals("failed"));
      assertThat(waiting.path("state").asText()).isEqualTo("running");
      assertThat(state(waiting, "f")).isEqualTo("pending");
      assertThat(target(waiting, "c").path("detail").asText()).isEqualTo("answered 503");
      assertThat(target(waiting, "c").path("attempts").asInt()).isEqualTo(1);
      assertThat(site.asked("hook")).singleElement().asString().contains("user.deleted");
      assertThat(site.asked("a")).containsExactly("DELETE /a/" + user);
      assertThat(site.forgotten).containsExactly(user);
      assertThat(failureOf(site.put(user)).detail()).contains("/erasures/" + id);
      assertThat(site.erase(user).path("id").asLong()).isEqualTo(id);
      assertThat(await(site.erasures.receipt(id))).isEqualTo("signed running");

      await(
          site.store
              .tables()
              .cursors()
              .advanceCursor(9, waiting.path("seq").asLong(), Instant.now()));
      site.until(id, now -> state(now, "f").equals("erased"));
      site.behaviour.remove("c");
      site.clock.move(Duration.ofSeconds(6));
      JsonNode complete = site.complete(id);
      assertThat(target(complete, "c").path("attempts").asInt()).isEqualTo(2);
      assertThat(target(complete, "c").path("detail").isNull()).isTrue();
      assertThat(site.forgotten).containsExactly(user, user);
      await(site.put(user));
      long again = site.erase(user).path("seq").asLong();
      await(site.store.tables().cursors().advanceCursor(9, again, Instant.now()));
      assertThat(site.complete(id + 1).path("targets")).hasSize(5);
      while (gauge(site, "complete") < 2) {
        Thread.sleep(20);
      }
      assertThat(gauge(site, "running")).isZero();
    }
  }

  @Test
  void afterARestartSourcesAreToldAndTheInstallationForgetsAtOnce()
      throws IOException, InterruptedException {
    try (ErasureSite site = new ErasureSite(folder, sources("a"))) {
      site.behaviour.put("a", request -> answer(request, 500));
      long user = site.create();
      site.erase(user);
      site.until(1, now -> state(now, "a").equals("failed"));
      site.restart();
      site.until(1, now -> target(now, "a").path("attempts").asInt() == 2);
      assertThat(site.forgotten).contains(user, user);
      site.behaviour.remove("a");
      site.restart();
      site.complete(1);
    }
  }

  @Test
  void whatWasAskedForBeforeACrashIsDoneAfterIt() throws IOException, InterruptedException {
    try (ErasureSite site = new ErasureSite(folder, sources("a"))) {
      long user = site.create();
      // As a process leaves it that dies before it has deleted the user.
      await(site.store.tables().erasures().request(user, List.of("a"), null, Instant.now()));
      JsonNode complete = site.complete(1);
      assertThat(complete.path("seq").asLong()).isPositive();
      assertThat(await(site.store.find(user, new Cancellation()))).isEmpty();
      assertThat(site.asked("a")).hasSize(1);
    }
  }

  @Test
  void aSourceIsLeftAloneForAsLongAsItAsks() throws IOException, InterruptedException {
    try (ErasureSite site = new ErasureSite(folder, sources("a", "b"))) {
      site.behaviour.put(
          "a",
          request -> request.response().putHeader("Retry-After", "600").setStatusCode(429).end());
      site.behaviour.put("b", request -> answer(request, 500));
      site.erase(site.create());
      site.until(1, now -> state(now, "a").equals("failed") && state(now, "b").equals("failed"));
      site.clock.move(Duration.ofSeconds(6));
      site.until(1, now -> target(now, "b").path("attempts").asInt() == 2);
      assertThat(site.asked("a")).hasSize(1);
      site.clock.move(Duration.ofMinutes(10));
      site.until(1, now -> target(now, "a").path("attempts").asInt() == 2);
      site.clock.move(Erasure.PATIENCE);
      assertThat(site.get(1).path("state").asText()).isEqualTo("stuck");
      site.behaviour.clear();
      site.complete(1);
    }
  }

  @Test
  void redirectsAndEndlessAnswersAreFailures() throws IOException, InterruptedException {
    try (ErasureSite site = new ErasureSite(folder, sources("a", "b", "c"))) {
      site.behaviour.put(
          "a",
          request -> request.response().putHeader("Location", "/c/1").setStatusCode(307).end());
      site.behaviour.put("b", request -> request.response().end("x".repeat(65 << 10)));
      site.behaviour.put("c", request -> answer(request, 410));
      site.erase(site.create());
      JsonNode failed =
          site.until(
              1,
              now ->
                  state(now, "a").equals("failed")
                      && state(now, "b").equals("failed")
                      && state(now, "c").equals("erased"));
      assertThat(target(failed, "a").path("detail").asText()).isEqualTo("answered 307");
      assertThat(target(failed, "b").path("detail").asText())
          .isEqualTo("answered more than 64 KiB");
      assertThat(site.asked("c")).hasSize(1);
    }
  }

  @Test
  void aSourceIsToldWithItsHeadersAndItsToken() throws IOException, InterruptedException {
    String[] sets = {
      "sources.a.http=http://HOST/a/{id}",
      "sources.a.headers.Authorization=Basic x",
      "sources.a.erase.http=http://HOST/a/{id}/forget",
      "sources.a.erase.method=post",
      "sources.b.http=http://HOST/b/{id}",
      "sources.b.token.url=http://HOST/token",
      "sources.b.token.clientId=i",
      "sources.b.token.clientSecret=s",
      "sources.b.erase.http=http://HOST/b/{id}",
      "sources.none.http=http://HOST/none/{id}"
    };
    try (ErasureSite site = new ErasureSite(folder, sets)) {
      site.behaviour.put("token", request -> request.response().end("{\"access_token\":\"t\"}"));
      long user = site.create();
      site.erase(user);
      JsonNode complete = site.complete(1);
      assertThat(complete.path("targets")).hasSize(2);
      assertThat(site.asked("a"))
          .containsExactly("POST /a/" + user + "/forget Basic x {\"id\":" + user + "}");
      assertThat(site.asked("b")).containsExactly("DELETE /b/" + user + " Bearer t");
    }
  }

  @Test
  void itIsNotCompleteBeforeThisInstallationHasForgotten()
      throws IOException, InterruptedException {
    try (ErasureSite site = new ErasureSite(folder, sources("a"))) {
      site.forgetting = Failure.of(Kind.UNAVAILABLE, "a node does not answer");
      site.erase(site.create());
      site.until(1, now -> state(now, "a").equals("erased"));
      assertThat(site.get(1).path("state").asText()).isEqualTo("running");
      assertThat(site.forgotten).hasSize(1);
      site.forgetting = null;
      site.restart();
      site.complete(1);
    }
  }

  @Test
  void whoNeverWasThereIsNotErased() throws IOException {
    try (ErasureSite site = new ErasureSite(folder)) {
      assertThat(failureOf(site.erasures.start(5, null)).kind()).isEqualTo(Kind.NOT_FOUND);
      assertThat(failureOf(site.erasures.get(1)).kind()).isEqualTo(Kind.NOT_FOUND);
      assertThat(failureOf(site.erasures.receipt(1)).kind()).isEqualTo(Kind.NOT_FOUND);
    }
  }
}
