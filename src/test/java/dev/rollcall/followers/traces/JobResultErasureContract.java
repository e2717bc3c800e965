package dev.rollcall.followers.traces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Cancellation;
import dev.rollcall.jobs.Claim;
import dev.rollcall.jobs.IdList;
import dev.rollcall.jobs.Job;
import dev.rollcall.jobs.JobEntry;
import dev.rollcall.jobs.JobSpec;
import dev.rollcall.jobs.JobState;
import dev.rollcall.jobs.JobStore;
import dev.rollcall.jobs.NewJob;
import dev.rollcall.jobs.Owner;
import dev.rollcall.users.Awaiting;
import dev.rollcall.users.Precondition;
import dev.rollcall.users.StoreHarness;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserStore;
import dev.rollcall.users.UserWrite;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the results of a user who is erased, in every store of jobs. */
public abstract class JobResultErasureContract {

  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final JobSpec SPEC = new JobSpec(JobSpec.Kind.FETCH, "profile", false, 7);

  private @TempDir Path folder = Path.of("");
  private final Vertx vertx = Vertx.vertx();
  private StoreHarness harness;
  private UserStore users;
  private JobStore jobs;
  private JobResultErasure erasure;
  private int owners;

  protected abstract StoreHarness harness(Path folder);

  protected abstract JobStore jobs(UserStore store);

  protected abstract JobResultStore results(UserStore store);

  @BeforeEach
  final void startStore() {
    harness = harness(folder);
    users = harness.start(vertx, StoreHarness.Limits.WIDE);
    jobs = jobs(users);
    erasure = new JobResultErasure(vertx, results(users), Clock.systemUTC());
  }

  @AfterEach
  final void stopStore() {
    harness.stop();
    Awaiting.await(vertx.close());
  }

  private static <T> T await(Future<T> future) {
    return Awaiting.await(future);
  }

  private Claim begun(long... ids) {
    await(jobs.start(new NewJob(SPEC, IdList.of(ids), null, 1, null, 100)));
    return await(jobs.claim(new Owner("process", owners++), LEASE)).orElseThrow();
  }

  private static JobEntry entry(int position, long id, int status) {
    Buffer line =
        new JsonObject().put("id", id).put("status", status).put("of", "u" + id).toBuffer();
    return new JobEntry(position, id, null, new JobEntry.Result(status >= 400, line));
  }

  private boolean record(Claim claim, JobEntry... entries) {
    return await(jobs.record(claim, List.of(entries), 0, LEASE)).isPresent();
  }

  private Job job(Claim claim) {
    return await(jobs.find(claim.job().id(), new Cancellation())).orElseThrow();
  }

  /** Each result as its number, its user and its status. */
  private List<String> results(Claim claim) {
    return await(jobs.results(claim.job().id(), 0, 100, new Cancellation())).stream()
        .map(
            each -> {
              JsonObject line = each.line().toJsonObject();
              return each.n() + " " + line.getLong("id") + " " + line.getInteger("status");
            })
        .toList();
  }

  private void everythingIsForgotten(Claim claim, long user) {
    assertThat(await(jobs.results(claim.job().id(), 0, 100, new Cancellation())))
        .allSatisfy(each -> assertThat(each.line().toString()).doesNotContain("u" + user));
  }

  @Test
  void aResultIsReplacedUnderItsNumberAndCountedAsAProblem() {
    Claim one = begun(7, 8, 9);
    record(one, entry(2, 9, 200), entry(0, 7, 200), entry(1, 8, 404));
    Claim other = begun(9, 7);
    record(other, entry(0, 9, 200), entry(1, 7, 502));
    Claim none = begun(8);
    record(none, entry(0, 8, 200));
    for (int twice = 0; twice < 2; twice++) {
      await(erasure.erase(7));
      assertThat(results(one)).containsExactly("1 9 200", "2 7 410", "3 8 404");
      assertThat(job(one).failed()).isEqualTo(2);
      assertThat(results(other)).containsExactly("1 9 200", "2 7 410");
      assertThat(job(other).failed()).isEqualTo(1);
      assertThat(results(none)).containsExactly("1 8 200");
      assertThat(job(none).failed()).isZero();
    }
    Stream.of(one, other, none).forEach(each -> everythingIsForgotten(each, 7));
    assertThat(job(one).done()).isEqualTo(3);
  }

  @Test
  void aJobThatHasTheUserAheadPassesOverHim() {
    Claim claim = begun(7, 8, 9);
    record(claim, entry(0, 7, 200));
    await(erasure.erase(8));
    assertThat(results(claim)).containsExactly("1 7 200", "2 8 410");
    // Neither what was under way at the time, nor the write of an import.
    UserWrite.Put write =
        new UserWrite.Put(8, new UserDraft(null, "u8", null, "{}"), Precondition.NONE, null);
    assertThat(record(claim, new JobEntry(1, 8, write, null), entry(2, 9, 200))).isTrue();
    assertThat(await(users.find(8, new Cancellation()))).isEmpty();
    assertThat(results(claim)).containsExactly("1 7 200", "2 8 410", "3 9 200");
    assertThat(job(claim).state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(job(claim).failed()).isEqualTo(1);
  }

  @Test
  void whoTakesTheJobLaterKnowsThatTheUserIsDone() {
    Claim claim = begun(7, 8);
    await(erasure.erase(7));
    await(jobs.handBack(claim));
    Claim later = await(jobs.claim(new Owner("later", 0), LEASE)).orElseThrow();
    assertThat(later.recorded().get(0)).isTrue();
    assertThat(later.recorded().get(1)).isFalse();
  }

  @Test
  void aJobWhoseLastUserIsErasedHasSucceeded() {
    Claim running = begun(7, 8);
    record(running, entry(0, 7, 200));
    await(erasure.erase(8));
    assertThat(job(running).state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(job(running).endedAt()).isNotNull();
    assertThat(record(running, entry(1, 8, 200))).isFalse();
    everythingIsForgotten(running, 8);
  }

  @Test
  void aJobThatWasCancelledGetsNoFurtherResult() {
    Claim claim = begun(7, 8);
    record(claim, entry(0, 7, 200));
    await(jobs.cancel(claim.job().id()));
    await(erasure.erase(8));
    assertThat(results(claim)).containsExactly("1 7 200");
    assertThat(job(claim).state()).isEqualTo(JobState.CANCELLED);
    await(erasure.erase(7));
    assertThat(results(claim)).containsExactly("1 7 410");
  }
}
