package dev.rollcall.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.jobs.Claim;
import dev.rollcall.jobs.JobState;
import dev.rollcall.jobs.JobStore;
import dev.rollcall.jobs.JobStoreContract;
import dev.rollcall.users.StoreHarness;
import dev.rollcall.users.UserStore;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The contract of all stores of jobs, kept by PostgreSQL; and what several nodes add to it. */
@Tag("slow")
class PostgresJobsTest extends JobStoreContract {

  private static final Duration SHORT = Duration.ofSeconds(1);

  @Override
  protected Harness harness(Path folder) {
    return new OverPostgres();
  }

  @Override
  protected Optional<Claim> afterTheDeathOf(Claim claim) {
    await(jobs().renew(claim, Duration.ofMillis(1)));
    return claimOnceOver();
  }

  private Optional<Claim> claimOnceOver() {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> claim("later", LEASE), Optional::isPresent);
  }

  @Test
  void aJobWhoseLeaseIsOverIsTakenByAnotherAndTheFirstCanDoNothingMore() {
    long id = start(1, 2).id();
    Claim first = claim("a", SHORT).orElseThrow();
    assertThat(claim("b", LEASE)).isEmpty();
    Claim second = claimOnceOver().orElseThrow();
    assertThat(second.job().id()).isEqualTo(id);
    assertThat(record(first, entry(0, 1, false))).isFalse();
    assertThat(await(jobs().renew(first, LEASE))).isEmpty();
    assertThat(record(second, entry(0, 1, false), entry(1, 2, false))).isTrue();
    assertThat(get(id).state()).isEqualTo(JobState.SUCCEEDED);
  }

  @Test
  void whatIsRecordedExtendsTheLease() {
    start(1, 2);
    Claim claim = claim("a", SHORT).orElseThrow();
    assertThat(record(claim, entry(0, 1, false))).isTrue();
    Awaitility.await().during(SHORT.multipliedBy(3)).until(() -> claim("b", LEASE).isEmpty());
  }

  @Test
  void otherNodesAreToldOfJobsThatWaitAndOfCancelledOnes() {
    List<String> told = new CopyOnWriteArrayList<>();
    PostgresHarness other = new PostgresHarness(false);
    PostgresStore elsewhere = (PostgresStore) other.start(vertx, StoreHarness.Limits.WIDE);
    try {
      elsewhere
          .jobs()
          .listen(
              new JobStore.Listener() {
                @Override
                public void waiting() {
                  told.add("waiting");
                }

                @Override
                public void cancelled(long id) {
                  told.add("cancelled " + id);
                }
              });
      // Until it listens, which starting does not wait for.
      Awaitility.await()
          .until(
              () -> {
                start(1);
                return told.contains("waiting");
              });
      long id = start(1).id();
      await(jobs().cancel(id));
      Awaitility.await().until(() -> told.contains("cancelled " + id));
    } finally {
      other.stop();
    }
  }

  private static final class OverPostgres implements Harness {
    private final PostgresHarness database = new PostgresHarness();
    private @Nullable PostgresStore store;

    @Override
    public void start(Vertx vertx) {
      store = (PostgresStore) database.start(vertx, StoreHarness.Limits.WIDE);
    }

    @Override
    public JobStore jobs() {
      return Objects.requireNonNull(store).jobs();
    }

    @Override
    public UserStore users() {
      return Objects.requireNonNull(store);
    }

    @Override
    public void stop() {
      database.stop();
    }
  }
}
