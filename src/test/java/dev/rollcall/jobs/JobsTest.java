package dev.rollcall.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Deadline;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.config.JobSettings;
import dev.rollcall.config.Settings;
import dev.rollcall.sources.LocalSources;
import dev.rollcall.users.Awaiting;
import dev.rollcall.users.Users;
import dev.rollcall.views.RecentFetches;
import dev.rollcall.views.Views;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is only seen where a store takes its time. */
class JobsTest {

  private static final int LISTS = 16;
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final JobSettings SETTINGS =
      new JobSettings(1, 1, 1, 1, 500, 10, Duration.ofMillis(10), LEASE, LEASE, 1 << 20);
  private static final JobSpec ALL = new JobSpec(JobSpec.Kind.FETCH, "profile", true, 1);
  private static final Job JOB =
      new Job(7, ALL, JobState.RUNNING, 0, 0, 1, Instant.EPOCH, null, null, null, 0, null);

  private final Vertx vertx = Vertx.vertx();
  private final List<Promise<long[]>> lists = new ArrayList<>();
  private final JobStore store = proxy(JobStore.class);
  private final Jobs jobs = Jobs.over(store, views(), SETTINGS);

  @AfterEach
  void close() {
    Awaiting.await(vertx.close());
  }

  private Views views() {
    return new Views(
        vertx,
        Settings.of(),
        proxy(Users.class),
        new LocalSources(null),
        new RecentFetches(0),
        new SimpleMeterRegistry());
  }

  private <T> T proxy(Class<T> of) {
    Object made =
        Proxy.newProxyInstance(
            of.getClassLoader(), new Class<?>[] {of}, (self, method, given) -> answer(method));
    return of.cast(made);
  }

  /** Lists of ids are held, a job is started at once, and nothing is said about claims. */
  private @Nullable Object answer(Method method) {
    return switch (method.getName()) {
      case "userIds" -> {
        lists.add(Promise.promise());
        yield lists.get(lists.size() - 1).future();
      }
      case "start" -> Future.succeededFuture(JOB);
      case "renew" -> Promise.promise().future();
      default -> null;
    };
  }

  private Future<Job> startForAll() {
    return jobs.start(new JobRequest(ALL, IdList.of(), null, null));
  }

  @Test
  void onlySoManyAreStartedForAllUsersAtOnce() {
    List<Future<Job>> started = new ArrayList<>();
    for (int i = 0; i < LISTS; i++) {
      started.add(startForAll());
    }
    assertThat(Awaiting.failureOf(startForAll()).kind()).isEqualTo(Kind.UNAVAILABLE);
    lists.forEach(list -> list.complete(new long[] {1}));
    started.forEach(Awaiting::await);
    assertThat(startForAll().failed()).isFalse();
  }

  /** As it happens where the first one was late in noticing that its lease was over. */
  @Test
  void theLaterOfTwoRunsOfAJobIsToldOfItsEndThoughTheFirstIsOver() {
    Claim claim = new Claim(JOB, 1, IdList.of(1), 0, new BitSet(), 0, Deadline.in(LEASE));
    JobWork work = (position, id, client) -> Promise.<JobEntry>promise().future();
    JobRun first = new JobRun(vertx.getOrCreateContext(), store, claim, work, SETTINGS);
    JobRun later = new JobRun(vertx.getOrCreateContext(), store, claim, work, SETTINGS);
    jobs.runs(claim, first);
    jobs.runs(claim, later);
    Future<Void> over = later.run();
    jobs.runsNoMore(claim, first);
    jobs.cancelled(JOB.id());
    Awaiting.await(over);
  }
}
