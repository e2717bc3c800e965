package dev.rollcall.followers.erasures;

import static dev.rollcall.users.Awaiting.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.followers.cursors.CursorStore.WantedCursor;
import dev.rollcall.followers.erasures.ErasureTarget.State;
import dev.rollcall.followers.erasures.ErasureWork.Outcome;
import dev.rollcall.followers.erasures.ErasureWork.Running;
import dev.rollcall.followers.webhooks.ParkedUser;
import dev.rollcall.followers.webhooks.Webhook;
import dev.rollcall.followers.webhooks.WebhookProgress;
import dev.rollcall.followers.webhooks.WebhookSecret;
import dev.rollcall.followers.webhooks.WebhookSpec;
import dev.rollcall.followers.webhooks.WebhookStore.Declarer;
import dev.rollcall.store.tables.Tables;
import dev.rollcall.users.Awaiting;
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
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every store of erasures keeps. */
public abstract class ErasureStoreContract {
  private static final Instant NOW = Instant.ofEpochMilli(1_800_000_000_123L);
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final List<String> SOURCES = List.of("account", "orders");

  private @TempDir Path folder = Path.of("");
  private final Vertx vertx = Vertx.vertx();
  private StoreHarness harness;
  private UserStore users;
  private Tables tables;
  private ErasureStore erasures;
  private ErasureWork work;

  protected abstract StoreHarness harness(Path folder);

  /** The tables of a store that the harness has started. */
  protected abstract Tables tables(UserStore store);

  /** Whether another process that lives may hold them. */
  protected abstract boolean isShared();

  @BeforeEach
  final void startStore() {
    harness = harness(folder);
    start();
  }

  private void start() {
    users = harness.start(vertx, StoreHarness.Limits.WIDE);
    tables = tables(users);
    erasures = tables.erasures();
    work = tables.erasureWork();
  }

  @AfterEach
  final void stopStore() {
    harness.stop();
    Awaiting.await(vertx.close());
  }

  private static <T> T await(Future<T> future) {
    return Awaiting.await(future);
  }

  private static UserDraft draft(@Nullable Long id) {
    return new UserDraft(id, "Ada", null, "{}");
  }

  private long create(@Nullable Long id) {
    return await(users.write(new UserWrite.Create(draft(id), null))).user().id();
  }

  private void delete(long id) {
    await(users.write(new UserWrite.Delete(id, Precondition.NONE, null)));
  }

  private Erasure request(long user) {
    return await(erasures.request(user, SOURCES, "key:7", NOW));
  }

  private Erasure find(long id) {
    return await(erasures.find(id)).orElseThrow();
  }

  private State state(long id, String name) {
    return target(id, name).state();
  }

  private ErasureTarget target(long id, String name) {
    return find(id).targets().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** A user whose deletion is noted in an erasure, which is given. */
  private Erasure deleted() {
    long user = create(null);
    Erasure erasure = request(user);
    delete(user);
    await(erasures.deleted(erasure.id()));
    return find(erasure.id());
  }

  private static long seq(Erasure erasure) {
    return Objects.requireNonNull(erasure.seq());
  }

  private Webhook webhook(String name) {
    WebhookSpec spec =
        new WebhookSpec(name, "https://example.org/", Set.of(), false, false, List.of());
    return await(
            tables
                .webhooks()
                .declare(spec, WebhookSecret.generate(), new Declarer(null, true), 0, NOW))
        .webhook();
  }

  private void progress(Webhook webhook, long position, List<ParkedUser> parked, List<Long> taken) {
    await(
        tables
            .deliveries()
            .record(
                List.of(
                    new WebhookProgress(
                        webhook.id(),
                        webhook.epoch(),
                        position,
                        0,
                        null,
                        "answered 500",
                        null,
                        parked,
                        taken,
                        List.of()))));
  }

  private void follower(long id, String name) {
    await(tables.cursors().putCursor(new WantedCursor(id, name, null, 0, NOW, null, true)));
  }

  @Test
  void anErasureHasWhoeverIsKnownWhenItIsAskedFor() {
    long user = create(null);
    webhook("b");
    webhook("a");
    follower(5, "f");
    Erasure erasure = request(user);
    webhook("later");
    assertThat(find(erasure.id())).isEqualTo(erasure);
    assertThat(erasure.id()).isEqualTo(1);
    assertThat(erasure.user()).isEqualTo(user);
    assertThat(erasure.by()).isEqualTo("key:7");
    assertThat(erasure.requestedAt()).isEqualTo(NOW);
    assertThat(erasure.seq()).isNull();
    assertThat(erasure.complete()).isFalse();
    assertThat(erasure.targets())
        .extracting(target -> target.kind().word() + " " + target.name())
        .containsExactly("source account", "source orders", "webhook a", "webhook b", "follower f");
    assertThat(erasure.targets()).allMatch(each -> each.state() == State.PENDING);
    assertThat(await(erasures.find(2))).isEmpty();
  }

  @Test
  void moreSourcesThanOneStatementTakesAreAllThere() {
    List<String> many = IntStream.range(0, 250).mapToObj(i -> "s" + i).toList();
    Erasure erasure = await(erasures.request(create(null), many, null, NOW));
    assertThat(erasure.targets()).extracting(ErasureTarget::name).isEqualTo(many);
    assertThat(erasure.by()).isNull();
  }

  @Test
  void whoAsksAgainGetsTheOneThatRunsAndLaterAnotherOne() {
    Erasure first = deleted();
    assertThat(await(erasures.request(first.user(), List.of(), null, NOW.plusSeconds(1))))
        .isEqualTo(first);
    complete(first);
    Erasure second = request(first.user());
    assertThat(second.id()).isEqualTo(2);
    assertThat(find(1).complete()).isTrue();
  }

  private long claim() {
    return await(work.claim("one", LEASE)).orElseThrow();
  }

  private void complete(Erasure erasure) {
    long epoch = claim();
    for (String source : SOURCES) {
      erased(epoch, source);
    }
    assertThat(await(work.complete(epoch, List.of(erasure.id()), NOW))).isTrue();
    await(work.release("one"));
  }

  private void erased(long epoch, String source) {
    for (ErasureWork.Task task : await(work.due(source, NOW, 10))) {
      Outcome told = new Outcome(task.target(), State.ERASED, NOW, null, NOW);
      assertThat(await(work.record(epoch, List.of(told)))).isTrue();
    }
  }

  @Test
  void onlyAUserWhoIsOrWasThereIsErased() {
    long user = create(null);
    delete(user);
    assertThat(request(user).user()).isEqualTo(user);
    Failure never = failureOf(erasures.request(user + 1, SOURCES, null, NOW));
    assertThat(never.kind()).isEqualTo(Kind.NOT_FOUND);
    long large = create(1L << 52);
    delete(large);
    assertThat(request(large).user()).isEqualTo(large);
    assertThat(failureOf(erasures.request(large - 1, SOURCES, null, NOW)).kind())
        .isEqualTo(Kind.NOT_FOUND);
  }

  @Test
  void theDeletionsSeqIsNotedOnceTheUserIsGone() {
    long user = create(null);
    Erasure erasure = request(user);
    await(erasures.deleted(erasure.id()));
    assertThat(find(erasure.id()).seq()).isNull();
    delete(user);
    long seq = users.position();
    create(null);
    await(erasures.deleted(erasure.id()));
    assertThat(find(erasure.id()).seq()).isEqualTo(seq);
  }

  private void assertConflict(Future<?> write, Erasure erasure) {
    Failure failure = failureOf(write);
    assertThat(failure.kind()).isEqualTo(Kind.CONFLICT);
    assertThat(failure.detail()).contains("/erasures/" + erasure.id() + ";");
  }

  @Test
  void nothingMakesTheUserUntilItIsComplete() {
    Erasure erasure = deleted();
    long user = erasure.user();
    UserWrite create = new UserWrite.Create(draft(user), null);
    UserWrite put = new UserWrite.Put(user, draft(null), Precondition.NONE, null);
    assertConflict(users.write(create), erasure);
    assertConflict(users.write(put), erasure);
    UserWrite other = new UserWrite.Create(draft(null), null);
    assertThat(await(users.writeAll(List.of(create, other, put))).results())
        .extracting(result -> result.failure() == null ? null : result.failure().kind())
        .containsExactly(Kind.CONFLICT, null, Kind.CONFLICT);
    harness.stop();
    start();
    assertConflict(users.write(create), erasure);
    assertThat(create(user + 100)).isEqualTo(user + 100);
    complete(erasure);
    assertThat(create(user)).isEqualTo(user);
  }

  @Test
  void aUserWhoIsStillThereMayBeWrittenUntilTheDeletion() {
    long user = create(null);
    request(user);
    UserWrite put =
        new UserWrite.Put(user, new UserDraft(null, "Bob", null, "{}"), Precondition.NONE, null);
    assertThat(await(users.write(put)).user().name()).isEqualTo("Bob");
  }

  @Test
  void oneProcessHoldsThemAtATime() {
    deleted();
    long epoch = claim();
    assertThat(await(work.renew("one", LEASE))).isPresent();
    assertThat(await(work.renew("two", LEASE))).isEmpty();
    if (isShared()) {
      assertThat(await(work.load(NOW)).free()).isFalse();
      assertThat(await(work.claim("two", LEASE))).isEmpty();
    }
    await(work.release("one"));
    assertThat(await(work.claim("two", LEASE))).contains(epoch + 1);
    assertThat(await(work.load(NOW)).owner()).isEqualTo("two");
  }

  @Test
  void whoseLeaseIsOverRecordsNothingMore() {
    Erasure erasure = deleted();
    long epoch = await(work.claim("one", Duration.ofMillis(-1))).orElseThrow();
    long target = await(work.due("account", NOW, 1)).get(0).target();
    assertThat(await(work.claim("two", LEASE))).isPresent();
    Outcome late = new Outcome(target, State.ERASED, NOW, null, NOW);
    assertThat(await(work.record(epoch, List.of(late)))).isFalse();
    assertThat(await(work.complete(epoch, List.of(erasure.id()), NOW))).isFalse();
    assertThat(state(erasure.id(), "account")).isEqualTo(State.PENDING);
    assertThat(find(erasure.id()).complete()).isFalse();
  }

  @Test
  void aSourceIsDueOnceTheUserIsDeletedAndAfterAFailureLater() {
    Erasure waiting = request(create(null));
    assertThat(await(work.due("account", NOW, 10))).isEmpty();
    assertThat(await(work.running(0, 10)))
        .containsExactly(new Running(waiting.id(), waiting.user(), "key:7", false));
    Erasure erasure = deleted();
    long epoch = claim();
    ErasureWork.Task task = await(work.due("account", NOW, 10)).get(0);
    assertThat(task.user()).isEqualTo(erasure.user());
    assertThat(task.attempts()).isZero();
    Outcome failed =
        new Outcome(task.target(), State.FAILED, NOW, "answered 500", NOW.plusSeconds(5));
    await(work.record(epoch, List.of(failed)));
    assertThat(await(work.due("account", NOW.plusSeconds(4), 10))).isEmpty();
    assertThat(await(work.due("account", NOW.plusSeconds(5), 10)))
        .containsExactly(new ErasureWork.Task(task.target(), erasure.user(), 1));
    assertThat(target(erasure.id(), "account"))
        .isEqualTo(
            new ErasureTarget(
                ErasureTarget.Kind.SOURCE, "account", State.FAILED, NOW, 1, "answered 500", false));
    assertThat(await(work.load(NOW)).failing()).isEqualTo(1);
    assertThat(await(work.load(NOW)).running()).isEqualTo(2);
    assertThat(await(work.load(NOW)).stuck()).isEqualTo(2);
    assertThat(await(work.load(NOW.minusMillis(1))).stuck()).isZero();
    await(work.release("one"));
    claim();
    assertThat(await(work.due("account", NOW, 10))).as("at once after a restart").hasSize(1);
  }

  @Test
  void whatASourceErasedStaysErased() {
    Erasure erasure = deleted();
    long epoch = claim();
    long target = await(work.due("orders", NOW, 1)).get(0).target();
    erased(epoch, "orders");
    Outcome late = new Outcome(target, State.FAILED, NOW.plusSeconds(1), "answered 500", NOW);
    await(work.record(epoch, List.of(late)));
    assertThat(target(erasure.id(), "orders"))
        .isEqualTo(
            new ErasureTarget(
                ErasureTarget.Kind.SOURCE, "orders", State.ERASED, NOW, 1, null, false));
  }

  @Test
  void aWebhookHasErasedTheUserOnceItIsPastTheDeletionAndHeIsNotParked() {
    Webhook webhook = webhook("a");
    Erasure erasure = deleted();
    long seq = seq(erasure);
    long epoch = claim();
    progress(webhook, seq - 1, List.of(), List.of());
    await(work.followed(epoch, NOW));
    assertThat(state(erasure.id(), "a")).isEqualTo(State.PENDING);
    progress(webhook, seq, List.of(new ParkedUser(erasure.user(), seq, 3, NOW)), List.of());
    await(work.followed(epoch, NOW));
    assertThat(target(erasure.id(), "a"))
        .isEqualTo(
            new ErasureTarget(
                ErasureTarget.Kind.WEBHOOK, "a", State.FAILED, null, 3, "answered 500", false));
    progress(webhook, seq, List.of(), List.of(erasure.user()));
    await(work.followed(epoch, NOW));
    assertThat(target(erasure.id(), "a").state()).isEqualTo(State.ERASED);
    assertThat(target(erasure.id(), "a").at()).isEqualTo(NOW);
    assertThat(await(work.done(10))).isEmpty();
  }

  @Test
  void aPausedWebhookHasTheErasureStuck() {
    Webhook webhook = webhook("a");
    Erasure erasure = deleted();
    assertThat(find(erasure.id()).json(NOW).get("state").asText()).isEqualTo("running");
    await(tables.webhooks().pause(webhook.id(), "by its owner"));
    assertThat(target(erasure.id(), "a").detail()).isEqualTo("it is paused: by its owner");
    assertThat(find(erasure.id()).json(NOW).get("state").asText()).isEqualTo("stuck");
    assertThat(await(work.load(NOW.minusMillis(1))).stuck()).isEqualTo(1);
    progress(webhook, seq(erasure), List.of(), List.of());
    await(work.followed(claim(), NOW));
    assertThat(find(erasure.id()).json(NOW).get("state").asText()).isEqualTo("running");
    assertThat(find(erasure.id()).json(NOW.plus(Erasure.PATIENCE)).get("state").asText())
        .isEqualTo("stuck");
  }

  @Test
  void aFollowerHasErasedTheUserOnceItConfirmedTheDeletion() {
    follower(5, "f");
    Erasure erasure = deleted();
    long epoch = claim();
    await(tables.cursors().advanceCursor(5, seq(erasure) - 1, NOW));
    await(work.followed(epoch, NOW));
    assertThat(state(erasure.id(), "f")).isEqualTo(State.PENDING);
    await(tables.cursors().advanceCursor(5, seq(erasure), NOW));
    await(work.followed(epoch, NOW));
    assertThat(state(erasure.id(), "f")).isEqualTo(State.ERASED);
  }

  @Test
  void whoIsDeletedMeanwhileIsNotWaitedForThoughAnotherHasTheName() {
    Webhook webhook = webhook("a");
    follower(5, "f");
    Erasure erasure = deleted();
    await(tables.webhooks().delete(webhook.id()));
    await(tables.cursors().deleteCursor(5));
    webhook("a");
    follower(6, "f");
    long epoch = claim();
    await(work.followed(epoch, NOW));
    assertThat(state(erasure.id(), "a")).isEqualTo(State.ERASED);
    assertThat(target(erasure.id(), "a").detail())
        .isEqualTo("this webhook was deleted, and is not waited for");
    assertThat(target(erasure.id(), "f").detail())
        .isEqualTo("this follower was deleted, and is not waited for");
    erased(epoch, "account");
    assertThat(await(work.done(10))).isEmpty();
    erased(epoch, "orders");
    assertThat(await(work.done(10)))
        .containsExactly(new Running(erasure.id(), erasure.user(), "key:7", true));
    assertThat(await(work.complete(epoch, List.of(erasure.id()), NOW))).isTrue();
    assertThat(await(work.done(10))).isEmpty();
    assertThat(find(erasure.id()).complete()).isTrue();
    assertThat(await(work.load(NOW)).running()).isZero();
    assertThat(await(work.load(NOW)).all()).isEqualTo(1);
  }
}
