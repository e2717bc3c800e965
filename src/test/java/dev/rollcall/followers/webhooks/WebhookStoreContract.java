package dev.rollcall.followers.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Failure.Kind;
import dev.rollcall.followers.webhooks.DeliveryStore.Held;
import dev.rollcall.followers.webhooks.WebhookStore.Declared;
import dev.rollcall.followers.webhooks.WebhookStore.Declarer;
import dev.rollcall.store.tables.Tables;
import dev.rollcall.users.Awaiting;
import dev.rollcall.users.Change;
import dev.rollcall.users.Precondition;
import dev.rollcall.users.StoreHarness;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserStore;
import dev.rollcall.users.UserWrite;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every store of webhooks keeps. */
public abstract class WebhookStoreContract {
  private static final Instant NOW = Instant.ofEpochMilli(1_800_000_000_123L);
  private static final Declarer ALL = new Declarer(null, true);
  private static final Declarer SEVEN = new Declarer("key:7", false);
  private static final Duration LEASE = Duration.ofSeconds(30);

  private @TempDir Path folder = Path.of("");
  private final Vertx vertx = Vertx.vertx();
  private StoreHarness harness;
  private UserStore users;
  private WebhookStore webhooks;
  private DeliveryStore deliveries;

  protected abstract StoreHarness harness(Path folder);

  /** The tables of a store that the harness has started. */
  protected abstract Tables tables(UserStore store);

  /** Whether a webhook can be held by another process that lives. */
  protected abstract boolean isShared();

  @BeforeEach
  final void startStore() {
    harness = harness(folder);
    users = harness.start(vertx, StoreHarness.Limits.WIDE);
    webhooks = tables(users).webhooks();
    deliveries = tables(users).deliveries();
  }

  @AfterEach
  final void stopStore() {
    harness.stop();
    Awaiting.await(vertx.close());
  }

  private static <T> T await(Future<T> future) {
    return Awaiting.await(future);
  }

  private static WebhookSpec spec(String name, WebhookSecret... secrets) {
    return new WebhookSpec(
        name,
        "https://example.org/" + name,
        Set.of(Change.Kind.CREATED),
        true,
        true,
        List.of(secrets));
  }

  private Declared declare(WebhookSpec spec, Declarer by) {
    return await(webhooks.declare(spec, WebhookSecret.generate(), by, 0, NOW));
  }

  private Webhook make(String name) {
    return declare(spec(name), ALL).webhook();
  }

  private Webhook find(String name) {
    return await(webhooks.find(name)).orElseThrow();
  }

  /** The id of the one of a name; 0, which none has, where there is none. */
  private long id(String name) {
    return await(webhooks.find(name)).map(Webhook::id).orElse(0L);
  }

  private void createUsers(int count) {
    for (int i = 1; i <= count; i++) {
      UserDraft draft = new UserDraft((long) i, "A", null, "{}");
      await(users.write(new UserWrite.Create(draft, null)));
    }
  }

  private static WebhookProgress progress(
      Webhook of, long epoch, long position, List<ParkedUser> parked, List<Long> unparked) {
    return new WebhookProgress(
        of.id(), epoch, position, 0, null, null, null, parked, unparked, List.of());
  }

  private Held held(String name) {
    long id = find(name).id();
    return await(deliveries.held()).stream()
        .filter(each -> each.id() == id)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aNewWebhookIsKeptAsDeclared() {
    WebhookSecret one = WebhookSecret.generate();
    WebhookSecret two = WebhookSecret.generate();
    Declared declared = declare(spec("a", one, two), SEVEN);
    assertThat(declared.created()).isTrue();
    Webhook kept = find("a");
    assertThat(kept).isEqualTo(declared.webhook());
    assertThat(kept.spec()).isEqualTo(spec("a", one, two));
    assertThat(kept.madeBy()).isEqualTo("key:7");
    assertThat(kept.createdAt()).isEqualTo(NOW);
    assertThat(kept.state()).isEqualTo("delivering");
    assertThat(await(webhooks.find("b"))).isEmpty();
  }

  @Test
  void aNewWebhookWithoutSecretsGetsTheGivenOneAndARepeatedCallTheSameAnswer() {
    WebhookSecret secret = WebhookSecret.generate();
    Declared first = await(webhooks.declare(spec("a"), secret, SEVEN, 0, NOW));
    Declared again = await(webhooks.declare(spec("a"), secret, SEVEN, 0, NOW));
    assertThat(first.webhook().spec().secrets()).containsExactly(secret);
    assertThat(again).isEqualTo(first);
  }

  @Test
  void anotherDeclarationLeavesPositionAndSecrets() {
    createUsers(3);
    Webhook before =
        await(webhooks.declare(spec("a"), WebhookSecret.generate(), ALL, 2, NOW)).webhook();
    WebhookSpec other =
        new WebhookSpec("a", "http://example.org/b", Set.of(), false, false, List.of());
    Declared declared = declare(other, ALL);
    assertThat(declared.created()).isFalse();
    assertThat(declared.webhook().spec()).isEqualTo(other.with(before.spec().secrets()));
    assertThat(declared.webhook().position()).isEqualTo(2);
    assertThat(declared.webhook().revision()).isNotEqualTo(before.revision());
    WebhookSecret rotated = WebhookSecret.generate();
    assertThat(declare(other.with(List.of(rotated)), ALL).webhook().spec().secrets())
        .containsExactly(rotated);
  }

  @Test
  void onlyItsOwnerOrWhoeverMayChangeAllDeclaresItAnew() {
    declare(spec("a"), SEVEN);
    Declarer eight = new Declarer("key:8", false);
    Future<Declared> refused = webhooks.declare(spec("a"), WebhookSecret.generate(), eight, 0, NOW);
    assertThat(Awaiting.failureOf(refused).kind()).isEqualTo(Kind.CONFLICT);
    assertThat(declare(spec("a"), SEVEN).created()).isFalse();
    assertThat(declare(spec("a"), ALL).webhook().madeBy()).isEqualTo("key:7");
  }

  @Test
  void aPositionBeyondTheFeedIsRefused() {
    createUsers(2);
    long newest = users.position();
    Future<Declared> beyond =
        webhooks.declare(spec("a"), WebhookSecret.generate(), ALL, newest + 100, NOW);
    assertThat(Awaiting.failureOf(beyond).kind()).isEqualTo(Kind.INVALID);
    make("a");
    assertThat(Awaiting.failureOf(webhooks.replay(id("a"), newest + 100)).sentence())
        .startsWith("/after: ");
    assertThat(await(webhooks.replay(id("a"), newest)).orElseThrow().position()).isEqualTo(newest);
    assertThat(await(webhooks.replay(id("b"), 2))).isEmpty();
  }

  @Test
  void thereAreNoMoreThanSoMany() {
    for (int i = 0; i < WebhookStore.MOST; i++) {
      make("a" + i);
    }
    Future<Declared> more = webhooks.declare(spec("b"), WebhookSecret.generate(), ALL, 0, NOW);
    assertThat(Awaiting.failureOf(more).kind()).isEqualTo(Kind.CONFLICT);
    assertThat(await(webhooks.delete(id("a0")))).isTrue();
    assertThat(await(webhooks.delete(id("a0")))).isFalse();
    make("b");
    assertThat(await(webhooks.all())).hasSize(WebhookStore.MOST);
  }

  @Test
  void whatIsClaimedIsHeldUntilItIsLetGo() {
    Webhook webhook = make("a");
    assertThat(held("a").free()).isTrue();
    assertThat(await(deliveries.claim("one", LEASE))).isEqualTo(1);
    assertThat(await(deliveries.claim("one", LEASE))).isZero();
    assertThat(held("a").owner()).isEqualTo("one");
    assertThat(held("a").epoch()).isEqualTo(webhook.epoch() + 1);
    assertThat(await(deliveries.renew("one", LEASE))).isPresent();
    assertThat(await(deliveries.renew("two", LEASE))).isEmpty();
    if (isShared()) {
      assertThat(held("a").free()).isFalse();
      assertThat(await(deliveries.claim("two", LEASE))).isZero();
    }
    await(deliveries.release("one"));
    assertThat(await(deliveries.claim("two", LEASE))).isEqualTo(1);
    assertThat(held("a").epoch()).isEqualTo(webhook.epoch() + 2);
  }

  @Test
  void whoseLeaseIsOverLosesItToAnotherAndRecordsNothingMore() {
    Webhook webhook = make("a");
    await(deliveries.claim("one", Duration.ofMillis(-1)));
    assertThat(await(deliveries.claim("two", LEASE))).isEqualTo(1);
    assertThat(await(deliveries.renew("one", LEASE))).isEmpty();
    List<WebhookProgress> late =
        List.of(
            progress(
                webhook, webhook.epoch() + 1, 1, List.of(new ParkedUser(1, 1, 1, NOW)), List.of()));
    assertThat(await(deliveries.record(late))).isEmpty();
    assertThat(find("a").position()).isZero();
    assertThat(find("a").parked()).isZero();
  }

  @Test
  void progressIsRecordedWithThoseWhoAreParked() {
    Webhook webhook = make("a");
    await(deliveries.claim("one", LEASE));
    long epoch = find("a").epoch();
    List<ParkedUser> many =
        LongStream.rangeClosed(1, 250)
            .mapToObj(i -> new ParkedUser(i, 2 * i, 1, NOW.plusMillis(1000 - i)))
            .toList();
    assertThat(await(deliveries.record(List.of(progress(webhook, epoch, 500, many, List.of())))))
        .containsExactly(webhook.id());
    assertThat(find("a").position()).isEqualTo(500);
    assertThat(find("a").parked()).isEqualTo(250);
    assertThat(find("a").state()).isEqualTo("failing");
    assertThat(await(deliveries.nextDue(webhook.id(), 2)))
        .containsExactly(many.get(249), many.get(248));
    ParkedUser anew = new ParkedUser(1, 7, 3, NOW.minusMillis(1));
    List<Long> ended = LongStream.rangeClosed(2, 250).boxed().toList();
    await(deliveries.record(List.of(progress(webhook, epoch, 501, List.of(anew), ended))));
    assertThat(await(deliveries.parkedUsers(webhook.id()))).containsExactly(1L);
    assertThat(await(deliveries.nextDue(webhook.id(), 10))).containsExactly(anew);
  }

  private WebhookProgress failing(@Nullable String paused, List<String> attempts) {
    Webhook webhook = find("a");
    return new WebhookProgress(
        webhook.id(), webhook.epoch(), 3, 4, NOW, "503", paused, List.of(), List.of(), attempts);
  }

  @Test
  void whatFailsIsRecordedAndMayPause() {
    make("a");
    await(deliveries.record(List.of(failing(null, List.of()))));
    Webhook webhook = find("a");
    assertThat(webhook.failingSince()).isEqualTo(NOW);
    assertThat(webhook.lastError()).isEqualTo("503");
    assertThat(webhook.lost()).isEqualTo(4);
    await(deliveries.record(List.of(failing("gone", List.of()))));
    assertThat(find("a").state()).isEqualTo("paused");
    assertThat(held("a").revision()).isNotEqualTo(webhook.revision());
  }

  @Test
  void whoResumesHasParkedUsersTriedAtOnce() {
    Webhook webhook = make("a");
    List<ParkedUser> parked = List.of(new ParkedUser(1, 1, 2, NOW));
    await(deliveries.record(List.of(progress(webhook, webhook.epoch(), 1, parked, List.of()))));
    assertThat(await(webhooks.pause(id("a"), "by its owner")).orElseThrow().state())
        .isEqualTo("paused");
    assertThat(await(webhooks.pause(id("a"), null)).orElseThrow().state()).isEqualTo("failing");
    assertThat(await(deliveries.nextDue(webhook.id(), 10)).get(0).due()).isEqualTo(Instant.EPOCH);
    assertThat(await(webhooks.pause(id("b"), null))).isEmpty();
  }

  @Test
  void asManyAsMayBeParkedAreRecordedFoundAndMadeDueByOneCallEach() {
    Webhook webhook = make("a");
    List<ParkedUser> all =
        LongStream.rangeClosed(1, WebhookStore.MOST_PARKED)
            .mapToObj(i -> new ParkedUser(i, 2 * i, 1, NOW.plusMillis(i)))
            .toList();
    long epoch = webhook.epoch();
    await(deliveries.record(List.of(progress(webhook, epoch, 1, all, List.of()))));
    assertThat(find("a").parked()).isEqualTo(WebhookStore.MOST_PARKED);
    assertThat(await(deliveries.parkedUsers(webhook.id()))).hasSize(WebhookStore.MOST_PARKED);
    assertThat(await(deliveries.nextDue(webhook.id(), 100))).isEqualTo(all.subList(0, 100));
    await(webhooks.pause(id("a"), null));
    assertThat(await(deliveries.nextDue(webhook.id(), WebhookStore.MOST_PARKED)))
        .hasSize(WebhookStore.MOST_PARKED)
        .allSatisfy(user -> assertThat(user.due()).isEqualTo(Instant.EPOCH));
    List<Long> ended = LongStream.range(1, WebhookStore.MOST_PARKED).boxed().toList();
    await(deliveries.record(List.of(progress(webhook, epoch, 2, List.of(), ended))));
    assertThat(await(deliveries.nextDue(webhook.id(), 100))).hasSize(1);
  }

  @Test
  void whoReplaysTakesItFromWhoeverHoldsIt() {
    createUsers(2);
    Webhook webhook = make("a");
    await(deliveries.claim("one", LEASE));
    long epoch = find("a").epoch();
    List<ParkedUser> parked = List.of(new ParkedUser(1, 1, 2, NOW));
    await(deliveries.record(List.of(progress(webhook, epoch, 2, parked, List.of()))));
    Webhook again = await(webhooks.replay(id("a"), 1)).orElseThrow();
    assertThat(again.position()).isEqualTo(1);
    assertThat(again.parked()).isZero();
    assertThat(await(deliveries.record(List.of(progress(webhook, epoch, 2, parked, List.of())))))
        .isEmpty();
    assertThat(await(deliveries.claim("two", LEASE))).isEqualTo(1);
  }

  @Test
  void theNewestAttemptsAreKept() {
    Webhook webhook = make("a");
    await(webhooks.note(webhook.id(), "{\"n\":0}"));
    for (int i = 1; i <= 130; i++) {
      String one = "{\"n\":" + (2 * i - 1) + "}";
      await(deliveries.record(List.of(failing(null, List.of(one, "{\"n\":" + 2 * i + "}")))));
    }
    List<String> attempts = await(webhooks.attempts(webhook.id()));
    assertThat(attempts)
        .hasSize(WebhookStore.MOST_ATTEMPTS)
        .startsWith("{\"n\":260}", "{\"n\":259}");
    await(webhooks.delete(id("a")));
    assertThat(await(webhooks.attempts(webhook.id()))).isEmpty();
  }

  @Test
  void theChangesOfOneUserAreFoundAsTheyAreInTheFeed() {
    createUsers(2);
    await(users.write(new UserWrite.Delete(1, Precondition.NONE, null)));
    List<Change> changes = await(deliveries.changesOf(1, 1, 3, 10));
    assertThat(changes).extracting(Change::seq).containsExactly(1L, 3L);
    assertThat(changes).extracting(Change::user).containsOnlyNulls();
    assertThat(changes.get(1).kind()).isEqualTo(Change.Kind.DELETED);
    assertThat(await(deliveries.changesOf(1, 1, 2, 10))).hasSize(1);
    assertThat(await(deliveries.changesOf(1, 1, 3, 1))).hasSize(1);
    String user = await(deliveries.changesOf(2, 1, 3, 10)).get(0).user();
    assertThat(Optional.ofNullable(user))
        .hasValueSatisfying(json -> assertThat(json).contains("\"A\""));
    assertThat(await(deliveries.goneUpTo(0))).isZero();
  }
}
