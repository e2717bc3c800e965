package dev.rollcall.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Deadline;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.config.JobSettings;
import dev.rollcall.users.Awaiting;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A job whose results the store does not take. */
@Timeout(60)
@Tag("slow")
class JobRecorderTest {

  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final JobSettings SETTINGS =
      new JobSettings(1, 1, 1, 1, 500, 10, Duration.ofMillis(10), LEASE, LEASE, 1 << 20);
  private static final Job JOB =
      new Job(
          7,
          new JobSpec(JobSpec.Kind.FETCH, "profile", false, 1),
          JobState.RUNNING,
          0,
          0,
          2,
          Instant.EPOCH,
          null,
          null,
          null,
          0,
          null);

  private final Vertx vertx = Vertx.vertx();
  private final List<Long> offeredAt = new CopyOnWriteArrayList<>();
  private final List<String> failed = new CopyOnWriteArrayList<>();
  private Supplier<Future<Optional<Deadline>>> recording = () -> held();
  private JobSettings settings = SETTINGS;
  private Buffer answer = Buffer.buffer("{}");
  private int works;

  private final JobStore store =
      (JobStore)
          Proxy.newProxyInstance(
              JobStore.class.getClassLoader(),
              new Class<?>[] {JobStore.class},
              (self, method, given) -> answer(method, given));

  @AfterEach
  void close() {
    Awaiting.await(vertx.close());
  }

  private static Future<Optional<Deadline>> held() {
    return Future.succeededFuture(Optional.of(Deadline.in(LEASE)));
  }

  private @Nullable Object answer(Method method, Object[] given) {
    return switch (method.getName()) {
      case "renew" -> held();
      case "record" -> {
        offeredAt.add(System.nanoTime());
        yield recording.get();
      }
      case "fail" -> {
        failed.add((String) given[1]);
        yield Future.succeededFuture();
      }
      default -> throw new IllegalStateException(method.getName());
    };
  }

  private void run() {
    Claim claim = new Claim(JOB, 1, IdList.of(1, 2), 0, new BitSet(), 0, Deadline.in(LEASE));
    JobWork work =
        (position, id, client) -> {
          works++;
          return Future.succeededFuture(JobEntry.answered(position, id, answer));
        };
    JobRun run = new JobRun(vertx.getOrCreateContext(), store, claim, work, settings);
    Awaiting.await(run.run());
  }

  @Test
  void aJobWhoseResultsCanNeverBeRecordedFailsAfterSomeTries() {
    recording = () -> Future.failedFuture(Failure.of(Kind.INTERNAL, "not written: internal error"));
    run();
    assertThat(offeredAt).hasSize(3);
    assertThat(failed).containsExactly("its results can't be recorded");
  }

  @Test
  void aJobWhoseResultsTakeTooMuchFails() {
    settings = new JobSettings(1, 1, 1, 1, 500, 1, Duration.ofMillis(10), LEASE, LEASE, 1 << 20);
    answer = Buffer.buffer("\"" + "x".repeat(600_000) + "\"");
    run();
    assertThat(offeredAt).hasSizeBetween(1, 2);
    assertThat(failed).containsExactly("its results take more than half of jobs.limit");
  }

  @Test
  void aJobWhoseLastResultsTakeTooMuchIsDone() {
    answer = Buffer.buffer("\"" + "x".repeat(600_000) + "\"");
    run();
    assertThat(offeredAt).hasSize(1);
    assertThat(failed).isEmpty();
  }

  @Test
  void aStoreThatThrowsIsNoReasonToWaitForEver() {
    recording =
        () -> {
          throw new IllegalStateException("a fault of ours");
        };
    run();
    assertThat(failed).containsExactly("its results can't be recorded");
  }

  @Test
  void aStoreThatIsAwayIsOfferedTheBatchAfterPausesThatGrow() {
    recording =
        () ->
            offeredAt.size() < 5
                ? Future.failedFuture(Failure.of(Kind.UNAVAILABLE, "not written: away"))
                : held();
    run();
    assertThat(failed).isEmpty();
    List<Long> pauses = new ArrayList<>();
    for (int i = 1; i < 5; i++) {
      pauses.add((offeredAt.get(i) - offeredAt.get(i - 1)) / 1_000_000);
    }
    // 250, 500, 1000 and 2000 ms, each late by as much as the machine makes it.
    assertThat(pauses.get(2)).isGreaterThanOrEqualTo(990);
    assertThat(pauses.get(3)).isGreaterThanOrEqualTo(1990);
  }

  @Test
  void aFaultThatPassesCostsNothing() {
    recording =
        () ->
            offeredAt.size() == 1 ? Future.failedFuture(new IllegalStateException("once")) : held();
    run();
    assertThat(failed).isEmpty();
    assertThat(works).isEqualTo(2);
  }
}
