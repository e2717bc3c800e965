package dev.rollcall.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.config.JobSettings;
import dev.rollcall.users.Awaiting;
import dev.rollcall.users.Precondition;
import dev.rollcall.users.User;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserStore;
import dev.rollcall.users.UserWrite;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every store of jobs keeps. */
public abstract class JobStoreContract {

  /** A store under test. */
  public interface Harness {
    /** Starts the store on its data. */
    void start(Vertx vertx);

    JobStore jobs();

    UserStore users();

    void stop();
  }

  protected static final Duration LEASE = Duration.ofSeconds(30);
  private static final JobSettings SETTINGS =
      new JobSettings(1, 1, 1, 1, 500, 10, Duration.ofMillis(10), LEASE, LEASE, 1 << 20);
  private static final JobSpec SPEC = new JobSpec(JobSpec.Kind.FETCH, "profile", false, 7);

  private @TempDir Path folder = Path.of("");
  protected final Vertx vertx = Vertx.vertx();
  protected Harness harness;
  private int owners;

  protected abstract Harness harness(Path folder);

  @BeforeEach
  final void startStore() {
    harness = harness(folder);
    harness.start(vertx);
  }

  @AfterEach
  final void stopStore() {
    harness.stop();
    Awaiting.await(vertx.close());
  }

  protected static <T> T await(Future<T> future) {
    return Awaiting.await(future);
  }

  protected final JobStore jobs() {
    return harness.jobs();
  }

  protected static NewJob job(long... ids) {
    return new NewJob(SPEC, IdList.of(ids), null, 1, null, 100);
  }

  protected final Job start(long... ids) {
    return await(jobs().start(job(ids)));
  }

  /** A claim by one of a process that has no job. */
  protected final Optional<Claim> claim(String process, Duration lease) {
    return await(jobs().claim(new Owner(process, owners++), lease));
  }

  protected final Claim claim(String process) {
    return claim(process, LEASE).orElseThrow();
  }

  protected final Job get(long id) {
    return await(jobs().find(id, new Cancellation())).orElseThrow();
  }

  protected static JobEntry entry(int position, long id, boolean failed) {
    Buffer line = Buffer.buffer("{\"id\":" + id + "}");
    return new JobEntry(position, id, null, new JobEntry.Result(failed, line));
  }

  protected final boolean record(Claim claim, JobEntry... entries) {
    return await(jobs().record(claim, List.of(entries), 0, LEASE)).isPresent();
  }

  protected final List<Integer> ns(long job) {
    return await(jobs().results(job, 0, 1000, new Cancellation())).stream()
        .map(JobResult::n)
        .toList();
  }

  private static void refused(Kind kind, Future<?> call) {
    assertThat(Awaiting.failureOf(call).kind()).isEqualTo(kind);
  }

  @Test
  void aJobIsFoundAsItWasStarted() {
    Job started = start(5, 3, 9);
    assertThat(started.spec()).isEqualTo(SPEC);
    assertThat(started.state()).isEqualTo(JobState.QUEUED);
    assertThat(started.total()).isEqualTo(3);
    assertThat(started.done()).isZero();
    assertThat(started.startedAt()).isNull();
    assertThat(get(started.id())).isEqualTo(started);
    assertThat(await(jobs().find(started.id() + 1, new Cancellation()))).isEmpty();
  }

  @Test
  void aJobGoesOnUnderTheNameOfItsStarter() {
    NewJob wanted = new NewJob(SPEC, IdList.of(1), null, 1, "issuer:corp:Zo\u00eb", 100);
    Job started = await(jobs().start(wanted));
    assertThat(started.by()).isEqualTo("issuer:corp:Zo\u00eb");
    assertThat(get(started.id())).isEqualTo(started);
    assertThat(claim("a").job().by()).isEqualTo("issuer:corp:Zo\u00eb");
    assertThat(start(1).by()).isNull();
  }

  @Test
  void aJobForNobodyHasSucceededAtOnce() {
    Job started = start();
    assertThat(started.state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(started.endedAt()).isNotNull();
    assertThat(claim("a", LEASE)).isEmpty();
  }

  @Test
  void theSameKeyIsTheSameJob() {
    UUID key = UUID.randomUUID();
    Job first = await(jobs().start(new NewJob(SPEC, IdList.of(1), key, 42, null, 100)));
    assertThat(await(jobs().start(new NewJob(SPEC, IdList.of(1), key, 42, null, 1))))
        .isEqualTo(first);
    refused(Kind.CONFLICT, jobs().start(new NewJob(SPEC, IdList.of(2), key, 43, null, 100)));
    assertThat(await(jobs().list(new JobQuery(User.MAX_ID, 10), new Cancellation())).items())
        .hasSize(1);
  }

  @Test
  void oneJobMoreThanMayWaitIsRefused() {
    await(jobs().start(new NewJob(SPEC, IdList.of(1), null, 1, null, 2)));
    await(jobs().start(new NewJob(SPEC, IdList.of(1), null, 1, null, 2)));
    refused(Kind.UNAVAILABLE, jobs().start(new NewJob(SPEC, IdList.of(1), null, 1, null, 2)));
    claim("a");
    await(jobs().start(new NewJob(SPEC, IdList.of(1), null, 1, null, 2)));
  }

  @Test
  void jobsAreListedTheNewestFirst() {
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(0, start(1).id());
    }
    JobPage page = await(jobs().list(new JobQuery(User.MAX_ID, 3), new Cancellation()));
    assertThat(page.items()).extracting(Job::id).isEqualTo(ids.subList(0, 3));
    assertThat(page.next()).isNotNull();
    JobPage rest = await(jobs().list(new JobQuery(ids.get(2), 3), new Cancellation()));
    assertThat(rest.items()).extracting(Job::id).isEqualTo(ids.subList(3, 5));
    assertThat(rest.next()).isNull();
  }

  @Test
  void jobsAreClaimedInTheirOrderAndEachOnce() {
    long first = start(4, 2).id();
    long second = start(1).id();
    Claim claimed = claim("a");
    assertThat(claimed.job().id()).isEqualTo(first);
    assertThat(claimed.job().state()).isEqualTo(JobState.RUNNING);
    assertThat(claimed.job().startedAt()).isNotNull();
    assertThat(claimed.ids().size()).isEqualTo(2);
    assertThat(claimed.ids().bytes()).isEqualTo(IdList.of(4, 2).bytes());
    assertThat(claimed.recorded().isEmpty()).isTrue();
    assertThat(claim("a").job().id()).isEqualTo(second);
    assertThat(claim("a", LEASE)).isEmpty();
  }

  @Test
  void resultsAreCountedAndTheLastOneEndsTheJob() {
    long id = start(4, 2, 8).id();
    Claim claim = claim("a");
    assertThat(record(claim, entry(2, 8, false), entry(0, 4, true))).isTrue();
    Job half = get(id);
    assertThat(half.done()).isEqualTo(2);
    assertThat(half.failed()).isEqualTo(1);
    assertThat(half.state()).isEqualTo(JobState.RUNNING);
    assertThat(record(claim, entry(1, 2, false))).isTrue();
    Job whole = get(id);
    assertThat(whole.done()).isEqualTo(3);
    assertThat(whole.state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(whole.endedAt()).isNotNull();
    List<JobResult> results = await(jobs().results(id, 1, 10, new Cancellation()));
    assertThat(results)
        .extracting(JobResult::n, result -> result.line().toString())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(2, "{\"id\":4}"),
            org.assertj.core.groups.Tuple.tuple(3, "{\"id\":2}"));
  }

  @Test
  void aResultThatIsRecordedAgainChangesNothing() {
    long id = start(4, 2).id();
    Claim claim = claim("a");
    record(claim, entry(0, 4, false));
    assertThat(record(claim, entry(0, 4, true))).isTrue();
    assertThat(get(id).done()).isEqualTo(1);
    assertThat(get(id).failed()).isZero();
    assertThat(ns(id)).containsExactly(1);
  }

  @Test
  void aJobThatIsHandedBackGoesOnWithTheRest() {
    long id = start(4, 2, 8, 6).id();
    Claim first = claim("a");
    await(jobs().record(first, List.of(entry(0, 4, false), entry(2, 8, false)), 1, LEASE));
    await(jobs().handBack(first));
    assertThat(get(id).state()).isEqualTo(JobState.INTERRUPTED);
    Claim second = claim("b");
    assertThat(second.epoch()).isGreaterThan(first.epoch());
    assertThat(second.watermark()).isEqualTo(1);
    assertThat(second.recorded().stream().toArray()).containsExactly(2);
    assertThat(second.job().startedAt()).isEqualTo(first.job().startedAt());
    assertThat(record(first, entry(1, 2, false))).isFalse();
    assertThat(await(jobs().renew(first, LEASE))).isEmpty();
    await(jobs().fail(first, "no"));
    await(jobs().handBack(first));
    assertThat(get(id).state()).isEqualTo(JobState.RUNNING);
    assertThat(await(jobs().renew(second, LEASE))).isPresent();
    assertThat(record(second, entry(1, 2, false), entry(3, 6, false))).isTrue();
    assertThat(get(id).state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(ns(id)).containsExactly(1, 2, 3, 4);
  }

  @Test
  void whoeverClaimsAgainHasNothingElse() {
    long id = start(1, 2).id();
    Owner owner = new Owner("a", 1000);
    Claim lost = await(jobs().claim(owner, LEASE)).orElseThrow();
    Claim again = await(jobs().claim(owner, LEASE)).orElseThrow();
    assertThat(again.job().id()).isEqualTo(id);
    assertThat(record(lost, entry(0, 1, false))).isFalse();
    assertThat(record(again, entry(0, 1, false))).isTrue();
  }

  @Test
  void aJobThatCantGoOnHasFailed() {
    long id = start(1).id();
    await(jobs().fail(claim("a"), "there is no such view"));
    assertThat(get(id).state()).isEqualTo(JobState.FAILED);
    assertThat(get(id).detail()).isEqualTo("there is no such view");
  }

  @Test
  void aCancelledJobTakesNoMoreResults() {
    long id = start(1, 2).id();
    Claim claim = claim("a");
    record(claim, entry(0, 1, false));
    Job cancelled = await(jobs().cancel(id));
    assertThat(cancelled.state()).isEqualTo(JobState.CANCELLED);
    assertThat(record(claim, entry(1, 2, false))).isFalse();
    assertThat(get(id)).isEqualTo(cancelled);
    assertThat(ns(id)).containsExactly(1);
    assertThat(claim("a", LEASE)).isEmpty();
    assertThat(await(jobs().cancel(id))).isEqualTo(cancelled);
    refused(Kind.NOT_FOUND, jobs().cancel(id + 1));
  }

  /** Whoever cancels a job in the moment in which it is claimed finds nobody to be told. */
  @Test
  void aJobThatIsCancelledAsItIsClaimedBeginsNothing() {
    start(5);
    Claim claim = claim("a");
    await(jobs().cancel(claim.job().id()));
    AtomicInteger begun = new AtomicInteger();
    JobWork work =
        (position, id, client) -> {
          begun.incrementAndGet();
          return Future.succeededFuture(entry(position, id, false));
        };
    await(new JobRun(vertx.getOrCreateContext(), jobs(), claim, work, SETTINGS).run());
    assertThat(begun).hasValue(0);
  }

  @Test
  void theUsersOfAnImportAreWrittenWithTheirResults() {
    long id = start(1, 2, 3).id();
    UserStore users = harness.users();
    await(users.write(put(2, "Bob", "bob@example.org")));
    await(users.write(put(9, "Eve", "eve@example.org")));
    Claim claim = claim("a");
    JobEntry[] entries = {
      writing(0, put(1, "Alice", null)),
      writing(1, put(2, "Bob", "bob@example.org")),
      writing(2, put(3, "Carol", "EVE@example.org"))
    };
    assertThat(record(claim, entries)).isTrue();
    assertThat(await(users.find(1, new Cancellation())).orElseThrow().version()).isEqualTo(1);
    assertThat(await(users.find(2, new Cancellation())).orElseThrow().version()).isEqualTo(1);
    assertThat(await(users.find(3, new Cancellation()))).isEmpty();
    assertThat(await(users.changes(0, 100, new Cancellation())).items()).hasSize(3);
    assertThat(get(id).failed()).isEqualTo(1);
    assertThat(await(jobs().results(id, 0, 10, new Cancellation())))
        .extracting(result -> new JsonObject(result.line()).getInteger("status"))
        .containsExactly(201, 200, 409);
  }

  @Test
  void nothingOfAnImportIsWrittenOnceItsClaimIsOver() {
    long id = start(1, 2).id();
    Claim claim = claim("a");
    await(jobs().cancel(id));
    assertThat(record(claim, writing(0, put(1, "Alice", null)))).isFalse();
    assertThat(await(harness.users().find(1, new Cancellation()))).isEmpty();
  }

  private static UserWrite.Put put(long id, String name, @Nullable String email) {
    return new UserWrite.Put(id, new UserDraft(null, name, email, "{}"), Precondition.NONE, null);
  }

  private static JobEntry writing(int position, UserWrite.Put write) {
    return new JobEntry(position, write.id(), write, null);
  }

  @Test
  void idsOfUsersAreReadInPages() {
    for (long id : new long[] {7, 3, 5}) {
      await(harness.users().write(put(id, "A", null)));
    }
    assertThat(await(jobs().userIds(0, 2))).containsExactly(3, 5);
    assertThat(await(jobs().userIds(5, 2))).containsExactly(7);
    assertThat(await(jobs().userIds(7, 2))).isEmpty();
  }

  @Test
  void whatEndedLongAgoIsRemovedInPieces() {
    long[] ids = IntStream.rangeClosed(1, 2500).mapToLong(i -> i).toArray();
    long old = start(ids).id();
    Claim claim = claim("a");
    List<JobEntry> entries = new ArrayList<>();
    for (int i = 0; i < ids.length; i++) {
      entries.add(entry(i, ids[i], false));
    }
    await(jobs().record(claim, entries, ids.length, LEASE));
    long open = start(1).id();
    int pieces = 0;
    while (await(jobs().prune(Instant.now().plusSeconds(1), Long.MAX_VALUE))) {
      pieces++;
    }
    assertThat(pieces).isGreaterThan(2);
    assertThat(await(jobs().find(old, new Cancellation()))).isEmpty();
    assertThat(ns(old)).isEmpty();
    assertThat(get(open).state()).isEqualTo(JobState.QUEUED);
    assertThat(await(jobs().prune(Instant.now().plusSeconds(1), Long.MAX_VALUE))).isFalse();
  }

  @Test
  void whereThereIsTooMuchWhatEndedFirstIsRemoved() {
    List<Long> ended = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ended.add(start(1).id());
      Claim claim = claim("a");
      Buffer line = Buffer.buffer("{\"id\":1,\"text\":\"" + "x".repeat(10_000) + "\"}");
      record(claim, new JobEntry(0, 1, null, new JobEntry.Result(false, line)));
    }
    long open = start(1, 2).id();
    record(claim("a"), entry(0, 1, false));
    Instant longAgo = Instant.EPOCH;
    assertThat(await(jobs().prune(longAgo, 40_000))).isFalse();
    assertThat(await(jobs().prune(longAgo, 25_000))).isTrue();
    assertThat(await(jobs().prune(longAgo, 25_000))).isFalse();
    assertThat(await(jobs().find(ended.get(0), new Cancellation()))).isEmpty();
    assertThat(ns(ended.get(1))).hasSize(1);
    while (await(jobs().prune(longAgo, 0))) {
      assertThat(open).isPositive();
    }
    assertThat(await(jobs().find(ended.get(2), new Cancellation()))).isEmpty();
    assertThat(get(open).done()).isEqualTo(1);
  }

  @Test
  void aClaimTellsHowManyBytesThereAre() {
    start(1, 2);
    Claim first = claim("a");
    assertThat(first.bytes()).as("of the ids").isBetween(2L, 32L);
    record(first, entry(0, 1, false));
    assertThat(afterTheDeathOf(first).orElseThrow().bytes())
        .isEqualTo(first.bytes() + JobResult.ROW + "{\"id\":1}".length());
  }

  @Test
  void anIdIsNeverUsedTwice() {
    long first = start().id();
    while (await(jobs().prune(Instant.now().plusSeconds(1), Long.MAX_VALUE))) {
      assertThat(first).isPositive();
    }
    assertThat(start().id()).isGreaterThan(first);
  }

  @Test
  void jobsAreThereAfterARestart() {
    long id = start(1, 2).id();
    Claim claim = claim("a");
    record(claim, entry(1, 2, false));
    harness.stop();
    harness.start(vertx);
    assertThat(get(id).done()).isEqualTo(1);
    Optional<Claim> again = afterTheDeathOf(claim);
    assertThat(again.orElseThrow().recorded().stream().toArray()).containsExactly(1);
    assertThat(record(claim, entry(0, 1, false))).isFalse();
    assertThat(record(again.orElseThrow(), entry(0, 1, false))).isTrue();
    assertThat(get(id).state()).isEqualTo(JobState.SUCCEEDED);
  }

  /** Claims a job whose process has died. */
  protected abstract Optional<Claim> afterTheDeathOf(Claim claim);
}
