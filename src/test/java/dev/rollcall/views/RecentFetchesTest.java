package dev.rollcall.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.base.Cancellation;
import dev.rollcall.config.sources.ViewSettings.Mode;
import dev.rollcall.sources.Owner;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The memory of recent fetches, which is written and read at once. */
class RecentFetchesTest {

  private static RecentFetch fetch(long number) {
    return new RecentFetch(number, number, number, "v", Mode.ALL, 200, true, 1, null, List.of());
  }

  @Test
  void onlyTheNewestAreKept() {
    RecentFetches recent = new RecentFetches(8);
    for (int i = 1; i <= 100; i++) {
      recent.add(fetch(i));
    }
    assertThat(recent.newest(3, any -> true))
        .extracting(RecentFetch::id)
        .containsExactly(100L, 99L, 98L);
    assertThat(recent.newest(1000, any -> true)).hasSizeBetween(7, 8);
    assertThat(recent.newest(1000, one -> one.id() % 2 == 0))
        .hasSizeBetween(3, 4)
        .allMatch(one -> one.id() % 2 == 0);
  }

  @Test
  void whoFollowsSeesEachOnceOrHasItCountedWhileFourThreadsWrite() throws Exception {
    int each = 100_000;
    RecentFetches recent = new RecentFetches(64);
    RecentFetches.Follower follower = recent.follow();
    Thread[] writers = new Thread[4];
    for (int w = 0; w < writers.length; w++) {
      long base = (long) w * each;
      writers[w] =
          new Thread(
              () -> {
                for (int i = 0; i < each; i++) {
                  recent.add(fetch(base + i));
                }
              });
      writers[w].start();
    }
    Set<Long> seen = new HashSet<>();
    long leftOut = 0;
    boolean goesOn = true;
    while (goesOn) {
      goesOn = List.of(writers).stream().anyMatch(Thread::isAlive);
      RecentFetches.Sample sample = follower.read(50, any -> true);
      assertThat(sample.fetches()).allMatch(one -> seen.add(one.id()));
      leftOut += sample.leftOut();
    }
    assertThat(seen.size() + leftOut).isEqualTo(4L * each);
    assertThat(seen).isNotEmpty();
  }

  @Test
  void aFetchThatNobodyWaitedForIsKeptAsWell() {
    try (ViewsHarness harness = new ViewsHarness("sources.a.address=test.a", "views.v.sources=a")) {
      Owner owner = harness.owner("test.a");
      Cancellation client = new Cancellation();
      var answer = harness.begin("v", null, 42, client);
      owner.next();
      client.cancel();
      await().until(answer::isComplete);
      StringBuilder text = new StringBuilder();
      harness.recent.newest(1, any -> true).get(0).append(text);
      JsonObject kept = new JsonObject(text.toString());
      assertThat(kept.getInteger("status")).isEqualTo(499);
      JsonObject source = kept.getJsonObject("sources").getJsonObject("a");
      assertThat(source.getString("status")).isEqualTo("cancelled");
      assertThat(source.getJsonArray("timeline").getJsonObject(0).getString("end"))
          .isEqualTo("cancelled");
    }
  }

  @Test
  void whatIsForgottenIsGoneAndWhatWasUnderWayThenIsNotKept() {
    RecentFetches recent = new RecentFetches(8);
    for (int i = 1; i <= 5; i++) {
      recent.add(fetch(i % 2));
    }
    long before = System.nanoTime();
    recent.forget(1);
    assertThat(recent.newest(10, any -> true)).hasSize(2).allMatch(each -> each.id() == 0);
    recent.add(new RecentFetch(9, before, 1, "v", Mode.ALL, 200, true, 1, null, List.of()));
    assertThat(recent.newest(10, any -> true)).hasSize(2);
    recent.add(
        new RecentFetch(9, System.nanoTime() + 1, 1, "v", Mode.ALL, 200, true, 1, null, List.of()));
    assertThat(recent.newest(10, any -> true)).hasSize(3);
  }
}
