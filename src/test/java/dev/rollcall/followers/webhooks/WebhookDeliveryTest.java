package dev.rollcall.followers.webhooks;

import static dev.rollcall.users.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.standardwebhooks.Webhook;
import dev.rollcall.followers.webhooks.Receiver.Delivery;
import dev.rollcall.followers.webhooks.Webhooks.Action;
import dev.rollcall.users.UserDraft;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What receivers get of what is written, with real ones over real connections. */
@Timeout(60)
@Tag("slow")
class WebhookDeliveryTest {
  private WebhookSite site;
  private Receiver receiver;

  @BeforeEach
  void start(@TempDir Path folder) {
    site = new WebhookSite(folder);
    receiver = new Receiver(site.vertx);
  }

  @AfterEach
  void stop() throws IOException {
    site.close();
  }

  private static Set<Long> seqs(List<Delivery> deliveries) {
    return deliveries.stream().map(Delivery::seq).collect(Collectors.toCollection(TreeSet::new));
  }

  private List<Long> versions(long user) {
    return receiver.taken().stream()
        .filter(each -> each.user() == user)
        .map(each -> each.data().getLong("version"))
        .toList();
  }

  private void awaitAll(long upTo) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(seqs(receiver.taken())).hasSize((int) upTo));
  }

  @Test
  void aChangeArrivesSignedInTheFormOfStandardWebhooks() {
    WebhookSecret old = WebhookSecret.generate();
    WebhookSecret young = WebhookSecret.generate();
    site.declare(WebhookSite.spec("a", receiver.url(), true, old, young));
    site.put(7, "Alice");
    awaitAll(1);
    Delivery delivery = receiver.deliveries.get(0);
    assertThat(delivery.id()).isEqualTo("chg_" + delivery.seq());
    assertThat(delivery.headers().get("webhook-signature")).matches("v1,\\S+ v1,\\S+");
    HttpHeaders headers =
        HttpHeaders.of(
            delivery.headers().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, header -> List.of(header.getValue()))),
            (name, value) -> true);
    for (WebhookSecret secret : List.of(old, young)) {
      assertThatCode(() -> new Webhook(secret.text()).verify(delivery.body(), headers.map()))
          .doesNotThrowAnyException();
    }
    assertThatCode(
            () ->
                new Webhook(WebhookSecret.generate().text()).verify(delivery.body(), headers.map()))
        .isInstanceOf(Exception.class);
    assertThat(delivery.json().getString("type")).isEqualTo("user.created");
    assertThat(delivery.json().getString("timestamp")).endsWith("Z");
    JsonObject data = delivery.data();
    assertThat(data.getString("kind")).isEqualTo("created");
    assertThat(data.getLong("version")).isEqualTo(1);
    assertThat(data.getString("by")).isEqualTo("key:7");
    assertThat(data.getJsonObject("user").getString("name")).isEqualTo("Alice");
  }

  @Test
  void aThinOneHasNeitherUserNorMaker() {
    site.declare(WebhookSite.spec("a", receiver.url(), false));
    site.put(7, "Alice");
    awaitAll(1);
    assertThat(receiver.deliveries.get(0).data().fieldNames())
        .containsExactlyInAnyOrder("seq", "kind", "id", "version");
  }

  @Test
  void onlyTheKindsThatAreAskedForAreSentAndDeletions() {
    site.declare(new WebhookSpec("a", receiver.url(), Set.of(), false, false, List.of()));
    site.put(1, "A");
    site.put(1, "B");
    site.delete(1);
    awaitAll(1);
    assertThat(receiver.deliveries.get(0).data().getString("kind")).isEqualTo("deleted");
    await().until(() -> site.get("a").path("lag").longValue() == 0);
    assertThat(receiver.deliveries).hasSize(1);
  }

  @Test
  void eachUsersChangesArriveInTheirOrderWhileSeveralAreOnTheirWay() {
    AtomicInteger atOnce = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    receiver.behave(
        (request, body) -> {
          most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
          site.vertx.setTimer(
              5,
              over -> {
                atOnce.decrementAndGet();
                request.response().end();
              });
        });
    for (int i = 0; i < 200; i++) {
      site.put(1 + i % 20, "A" + i);
    }
    site.declare("a", receiver.url());
    awaitAll(200);
    Map<Long, Long> last = new HashMap<>();
    for (Delivery each : receiver.taken()) {
      assertThat(last.getOrDefault(each.user(), 0L)).isLessThan(each.seq());
      last.put(each.user(), each.seq());
    }
    assertThat(receiver.deliveries).hasSize(200);
    assertThat(most.get()).isBetween(2, 20);
  }

  @Test
  void aUserWhoFailsIsParkedAndHoldsUpNobodyElse() {
    Set<String> ids = ConcurrentHashMap.newKeySet();
    AtomicInteger tries = new AtomicInteger();
    receiver.behave(
        (request, body) -> {
          boolean first = body.getJsonObject("data").getLong("id") == 1;
          if (first) {
            ids.add(request.getHeader("webhook-id"));
          }
          Receiver.answer(request, first && tries.incrementAndGet() <= 2 ? 500 : 200);
        });
    site.declare("a", receiver.url());
    for (int i = 1; i <= 3; i++) {
      site.put(1, "A" + i);
      site.put(2, "B" + i);
    }
    await().until(() -> versions(2).equals(List.of(1L, 2L, 3L)));
    await().until(() -> site.get("a").path("parked").longValue() == 1);
    JsonNode failing = site.get("a");
    assertThat(failing.path("state").textValue()).isEqualTo("failing");
    assertThat(failing.path("lag").longValue()).isZero();
    assertThat(failing.path("lastError").textValue()).isEqualTo("answered 500");
    site.clock.move(Duration.ofSeconds(6));
    await().until(() -> tries.get() == 2);
    site.clock.move(Duration.ofMinutes(6));
    awaitAll(6);
    assertThat(versions(1)).containsExactly(1L, 2L, 3L);
    assertThat(ids).hasSize(3);
    await().until(() -> site.get("a").path("state").textValue().equals("delivering"));
    site.put(1, "again");
    awaitAll(7);
  }

  @Test
  void aUserWhoIsDeletedWhileHeIsParkedIsNotSentAnyMore() {
    receiver.behave((request, body) -> Receiver.answer(request, 503));
    site.declare("a", receiver.url());
    site.put(1, "Secret Name");
    await().until(() -> site.get("a").path("parked").longValue() == 1);
    site.delete(1);
    receiver.deliveries.clear();
    receiver.behave((request, body) -> Receiver.answer(request, 204));
    await().until(() -> site.get("a").path("lag").longValue() == 0);
    site.clock.move(Duration.ofSeconds(6));
    awaitAll(2);
    assertThat(receiver.deliveries)
        .extracting(each -> each.data().getString("kind"))
        .containsExactly("created", "deleted");
    assertThat(receiver.deliveries).noneMatch(each -> each.body().contains("Secret Name"));
  }

  @Test
  void theReceiverSaysWhenItIsToBeTriedAgain() {
    receiver.behave(
        (request, body) ->
            request.response().setStatusCode(429).putHeader("Retry-After", "3600").end());
    site.declare("a", receiver.url());
    site.put(1, "A");
    await().until(() -> site.get("a").path("parked").longValue() == 1);
    site.clock.move(Duration.ofMinutes(50));
    site.put(2, "B");
    await().until(() -> site.get("a").path("parked").longValue() == 2);
    assertThat(receiver.deliveries).hasSize(2);
    receiver.behave((request, body) -> request.response().end());
    site.clock.move(Duration.ofMinutes(11));
    awaitAll(1);
    assertThat(receiver.taken().get(0).user()).isEqualTo(1);
  }

  @Test
  void a410PausesAndResumingTriesAtOnce() {
    receiver.behave((request, body) -> Receiver.answer(request, 410));
    site.declare("a", receiver.url());
    site.put(1, "A");
    await().until(() -> site.get("a").path("state").textValue().equals("paused"));
    site.put(2, "B");
    assertThat(site.get("a").path("pausedFor").textValue()).contains("410");
    receiver.behave((request, body) -> request.response().end());
    await(site.webhooks.act("a", Action.RESUME, WebhookSite.ALL));
    awaitAll(2);
    await().until(() -> site.get("a").path("lag").longValue() == 0);
  }

  @Test
  void resumingTriesParkedUsersAtOnceThoughNothingIsPaused() {
    AtomicInteger tries = new AtomicInteger();
    receiver.behave(
        (request, body) -> Receiver.answer(request, tries.incrementAndGet() <= 2 ? 503 : 200));
    site.declare("a", receiver.url());
    site.put(1, "Alice");
    await().until(() -> site.get("a").path("parked").longValue() == 1);
    // Again and again, since nobody is told when the second try, which fails, is recorded.
    await()
        .until(
            () -> {
              await(site.webhooks.act("a", Action.RESUME, WebhookSite.ALL));
              return tries.get() == 3;
            });
    await().until(() -> site.get("a").path("parked").longValue() == 0);
  }

  @Test
  void afterFiveDaysOfFailingItIsPaused() {
    receiver.behave((request, body) -> Receiver.answer(request, 500));
    site.declare("a", receiver.url());
    site.put(1, "A");
    await().until(() -> site.get("a").path("parked").longValue() == 1);
    site.clock.move(Duration.ofDays(5));
    await().until(() -> site.get("a").path("state").textValue().equals("paused"));
    assertThat(site.get("a").path("pausedFor").textValue()).contains("5 days");
    assertThat(site.registry.get("rollcall.webhooks.paused").gauge().value()).isEqualTo(1);
  }

  @Test
  void whatIsPausedByItsOwnerGetsNothingUntilItIsResumed() {
    site.declare("a", receiver.url());
    await(site.webhooks.act("a", Action.PAUSE, WebhookSite.ALL));
    site.put(1, "A");
    await()
        .until(
            () ->
                site.registry.find("rollcall.webhooks.paused").gauge() != null
                    && site.registry.get("rollcall.webhooks.paused").gauge().value() == 1);
    site.put(2, "B");
    assertThat(receiver.deliveries.size()).isLessThan(2);
    await(site.webhooks.act("a", Action.RESUME, WebhookSite.ALL));
    awaitAll(2);
  }

  @Test
  void aRedirectIsAFailureAndIsNotFollowed() {
    Receiver other = new Receiver(site.vertx);
    receiver.behave(
        (request, body) ->
            request.response().setStatusCode(307).putHeader("Location", other.url()).end());
    site.declare("a", receiver.url());
    site.put(1, "A");
    await().until(() -> site.get("a").path("parked").longValue() == 1);
    assertThat(site.get("a").path("lastError").textValue()).isEqualTo("answered 307");
    assertThat(other.deliveries).isEmpty();
  }

  @Test
  void anEndlessAnswerIsCutOff() {
    receiver.behave(
        (request, body) -> {
          HttpServerResponse response = request.response().setChunked(true);
          site.vertx.setPeriodic(
              1,
              timer ->
                  response
                      .write("x".repeat(20_000))
                      .onFailure(gone -> site.vertx.cancelTimer(timer)));
        });
    site.declare("a", receiver.url());
    site.put(1, "A");
    await().until(() -> site.get("a").path("parked").longValue() == 1);
    assertThat(site.get("a").path("lastError").textValue()).isEqualTo("answered more than 64 KiB");
  }

  @Test
  void aReceiverThatHangsDelaysNoOtherWebhook() {
    Receiver hanging = new Receiver(site.vertx);
    hanging.behave((request, body) -> {});
    site.declare("a", hanging.url());
    site.declare("b", receiver.url());
    for (int i = 1; i <= 100; i++) {
      site.put(i, "A");
    }
    awaitAll(100);
    assertThat(site.get("a").path("lag").longValue()).isEqualTo(100);
  }

  @Test
  void whatWasTakenBeforeARestartIsNotSentAgainAndTheRestIs() throws IOException {
    receiver.behave(
        (request, body) ->
            Receiver.answer(request, body.getJsonObject("data").getLong("id") == 1 ? 500 : 200));
    site.declare("a", receiver.url());
    site.put(1, "A");
    site.put(2, "B");
    await().until(() -> versions(2).size() == 1);
    site.restart();
    receiver.behave((request, body) -> request.response().end());
    site.put(3, "C");
    site.clock.move(Duration.ofSeconds(6));
    awaitAll(3);
    assertThat(receiver.taken()).extracting(Delivery::user).containsExactlyInAnyOrder(1L, 2L, 3L);
    assertThat(receiver.deliveries.stream().filter(each -> each.user() == 1).map(Delivery::id))
        .hasSizeGreaterThan(1)
        .containsOnly(receiver.deliveries.get(0).id());
  }

  @Test
  void aReplaySendsEverythingBehindAPositionAgain() {
    site.declare("a", receiver.url());
    for (int i = 1; i <= 5; i++) {
      site.put(i, "A");
    }
    awaitAll(5);
    long second = receiver.taken().get(1).seq();
    receiver.deliveries.clear();
    await(site.webhooks.replay("a", second, WebhookSite.ALL));
    awaitAll(3);
    assertThat(seqs(receiver.taken())).allMatch(seq -> seq > second);
  }

  /** A claim of one webhook takes all that are free, another one behind its replay as well. */
  @Test
  void aReplayCountsThoughItsWebhookIsClaimedBeforeItIsLookedAt() {
    site.declare("a", receiver.url());
    site.put(1, "A");
    awaitAll(1);
    long first = receiver.taken().get(0).seq();
    receiver.deliveries.clear();
    Promise<Void> looked = Promise.promise();
    Promise<Void> goOn = Promise.promise();
    site.counted.afterLook =
        held -> {
          boolean claims = held.stream().anyMatch(DeliveryStore.Held::free);
          return claims && looked.tryComplete() ? goOn.future() : Future.succeededFuture();
        };
    site.declare("b", receiver.url());
    await(looked.future());
    WebhookStore store = site.store.tables().webhooks();
    await(store.replay(await(store.find("a")).orElseThrow().id(), 0));
    goOn.complete();
    await()
        .untilAsserted(
            () ->
                assertThat(receiver.taken())
                    .extracting(Delivery::seq)
                    .filteredOn(seq -> seq == first)
                    .hasSize(2));
  }

  @Test
  void aClaimWhoseAnswerIsLostIsMadeAgain() {
    site.counted.loseNextClaim = true;
    site.declare("a", receiver.url());
    site.put(1, "A");
    await().atMost(Duration.ofSeconds(20)).until(() -> receiver.deliveries.size() == 1);
  }

  /** A store ends a page of large users before it has as many as were asked for. */
  @Test
  void noneOfManyLargeUsersIsMissed() {
    String attributes = "{\"x\":\"" + "y".repeat(40_000) + "\"}";
    for (int i = 1; i <= 60; i++) {
      site.put(i, new UserDraft(null, "A", null, attributes));
    }
    site.declare("a", receiver.url());
    awaitAll(60);
  }

  @Test
  void ofAUserWhoIsDeletedWhileOthersAreOnTheirWayNothingButTheChangesIsSent(@TempDir Path other)
      throws IOException {
    try (WebhookSite one = new WebhookSite(other, "webhooks.inFlight=1")) {
      Promise<HttpServerRequest> first = Promise.promise();
      receiver.behave(
          (request, body) -> {
            if (!first.tryComplete(request)) {
              request.response().end();
            }
          });
      one.put(1, "A");
      one.put(2, "B");
      one.declare("a", receiver.url());
      HttpServerRequest held = await(first.future());
      one.delete(2);
      held.response().end();
      awaitAll(3);
      assertThat(receiver.taken())
          .filteredOn(each -> each.user() == 2)
          .hasSize(2)
          .allSatisfy(each -> assertThat(each.data().getValue("user")).isNull());
    }
  }

  @Test
  void aTestIsSentAndIsAmongTheAttempts() {
    site.declare("a", receiver.url());
    await().until(() -> site.registry.find("rollcall.webhooks.lag").gauge() != null);
    JsonNode attempt = await(site.webhooks.test("a", WebhookSite.ALL));
    assertThat(attempt.path("status").intValue()).isEqualTo(200);
    assertThat(receiver.deliveries.get(0).json().getString("type")).isEqualTo("webhook.test");
    site.put(1, "A");
    await()
        .untilAsserted(
            () ->
                assertThat(
                        await(site.webhooks.attempts("a", WebhookSite.ALL))
                            .path("items")
                            .findValuesAsText("id"))
                    .hasSize(2)
                    .first()
                    .asString()
                    .startsWith("chg_"));
  }

  @Test
  void aDeletedOneGetsNothingMore() {
    site.declare("a", receiver.url());
    site.put(1, "A");
    awaitAll(1);
    await(site.webhooks.delete("a", WebhookSite.ALL));
    await().until(() -> site.registry.find("rollcall.webhooks.lag").gauge() == null);
    site.put(2, "B");
    site.declare("b", receiver.url());
    await().until(() -> receiver.deliveries.size() == 3);
    assertThat(receiver.taken()).extracting(Delivery::user).containsExactlyInAnyOrder(1L, 1L, 2L);
  }

  @Test
  void aReceiverThatSpeaksNoTlsIsAFailure() {
    site.declare("a", receiver.url().replace("http://", "https://"));
    site.put(1, "A");
    await().until(() -> site.get("a").path("parked").longValue() == 1);
    assertThat(site.get("a").path("lastError").textValue()).isEqualTo("TLS failed");
    assertThat(receiver.deliveries).isEmpty();
  }

  @Test
  void whatTheFeedNoLongerHasIsCountedAsLost(@TempDir Path other) throws IOException {
    try (WebhookSite pruned = new WebhookSite(other, "changes.keep=1s")) {
      pruned.put(1, "A");
      pruned.put(1, "B");
      await().until(() -> await(pruned.store.tables().deliveries().goneUpTo(0)) > 0);
      pruned.declare("a", receiver.url());
      await().until(() -> pruned.get("a").path("lost").longValue() > 0);
      pruned.put(2, "C");
      await().until(() -> versions(2).size() == 1);
    }
  }
}
