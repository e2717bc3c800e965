package dev.rollcall.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Deadline;
import dev.rollcall.views.ViewAnswer;
import dev.rollcall.views.ViewsHarness;
import dev.rollcall.wire.Addresses;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Fetches that ask the same wait for one answer together. */
class JoiningTest {

  private static final Duration LONG = Duration.ofSeconds(9);

  private static ViewsHarness source(String... more) {
    String[] sets = new String[more.length + 2];
    sets[0] = "sources.a.address=test.a";
    sets[1] = "views.v.sources=a";
    System.arraycopy(more, 0, sets, 2, more.length);
    return new ViewsHarness(sets);
  }

  private static void settled(ViewsHarness harness, double joined) {
    Awaitility.await().until(() -> harness.meter("joined", "a") == joined);
  }

  @Test
  void twentyFetchesOnFourEventLoopsAskOnce() {
    try (ViewsHarness harness = source("views.v.deadline=9s", "sources.a.timeout=8s")) {
      Owner owner = harness.owner("test.a");
      List<Future<ViewAnswer>> answers = new ArrayList<>();
      List<Context> loops = harness.loops(ViewsHarness.LOOPS);
      for (int i = 0; i < 20; i++) {
        Context loop = loops.get(i % loops.size());
        answers.add(harness.begin(loop, "v", null, 42, Deadline.in(LONG), new Cancellation()));
      }
      Message<JsonObject> asked = owner.next();
      settled(harness, 19);
      asked.reply("for all");
      for (Future<ViewAnswer> answer : answers) {
        SourceResult result = ViewsHarness.await(answer).results().get(0);
        assertThat(result.value()).hasToString("\"for all\"");
        assertThat(result.attempts()).isEqualTo(1);
      }
      assertThat(owner.count()).isEqualTo(1);
    }
  }

  @Test
  void anotherUserIsAnotherQuestion() {
    try (ViewsHarness harness = source()) {
      Owner owner = harness.owner("test.a");
      Context loop = harness.vertx.getOrCreateContext();
      Fetch one = harness.ask(loop, "a", 1, LONG);
      Fetch two = harness.ask(loop, "a", 2, LONG);
      owner.next().reply(1);
      owner.next().reply(2);
      assertThat(ViewsHarness.await(one.answer()).reply().value()).hasToString("1");
      assertThat(ViewsHarness.await(two.answer()).reply().value()).hasToString("2");
    }
  }

  @Test
  void theOwnerIsStoppedWhenTheLastOneLeaves() {
    try (ViewsHarness harness = source()) {
      Owner owner = harness.owner("test.a");
      List<Context> loops = harness.loops(3);
      List<Fetch> fetches = loops.stream().map(loop -> harness.ask(loop, "a", 42, LONG)).toList();
      Message<JsonObject> asked = owner.next();
      fetches.get(0).cancel();
      fetches.get(1).cancel();
      assertThat(harness.source("a").underWay()).isEqualTo(1);
      assertThat(harness.meter("in.flight", "a")).isEqualTo(1);
      fetches.get(2).cancel();
      assertThat(owner.cancelled()).isEqualTo(asked.headers().get(Addresses.EXCHANGE));
      assertThat(harness.source("a").underWay()).isZero();
      asked.reply("for nobody");
      assertThat(fetches).noneMatch(fetch -> fetch.answer().isComplete());
    }
  }

  @Test
  void whoLeavesTakesNothingFromTheOthers() {
    try (ViewsHarness harness = source()) {
      Owner owner = harness.owner("test.a");
      Fetch first = harness.ask("a");
      Fetch second = harness.ask("a");
      first.cancel();
      owner.next().reply("still wanted");
      assertThat(ViewsHarness.await(second.answer()).reply().status()).isEqualTo(SourceStatus.OK);
      assertThat(first.answer().isComplete()).isFalse();
    }
  }

  @Test
  void whoComesAfterTheLastHasLeftAsksAnew() {
    try (ViewsHarness harness = source()) {
      Owner owner = harness.owner("test.a");
      harness.ask("a").cancel();
      Fetch next = harness.ask("a");
      owner.next();
      owner.next().reply("anew");
      assertThat(ViewsHarness.await(next.answer()).reply().value()).hasToString("\"anew\"");
    }
  }

  @Test
  void whoHasMoreTimeThanIsLeftToTheOthersAsksAnew() {
    try (ViewsHarness harness = source("sources.a.timeout=1500ms")) {
      Owner owner = harness.owner("test.a");
      Context loop = harness.vertx.getOrCreateContext();
      Fetch hasty = harness.ask(loop, "a", 42, Duration.ofMillis(500));
      Fetch patient = harness.ask(loop, "a", 42, LONG);
      Fetch hastyAsWell = harness.ask(loop, "a", 42, Duration.ofMillis(500));
      owner.next();
      Message<JsonObject> second = owner.next();
      assertThat(ViewsHarness.await(hasty.answer()).reply().status())
          .isEqualTo(SourceStatus.TIMEOUT);
      second.reply("in time");
      assertThat(ViewsHarness.await(patient.answer()).reply().status()).isEqualTo(SourceStatus.OK);
      assertThat(ViewsHarness.await(hastyAsWell.answer()).reply().status())
          .isEqualTo(SourceStatus.OK);
      assertThat(owner.count()).isEqualTo(2);
    }
  }

  @Test
  void whatIsAskedByPostIsNeverShared() {
    try (ViewsHarness harness =
        new ViewsHarness(
            "deploy.sources=0",
            "sources.a.http=http://localhost:1/",
            "sources.a.method=post",
            "views.v.sources=a")) {
      Owner owner = harness.owner("rollcall.source.a");
      Fetch first = harness.ask("a");
      Fetch second = harness.ask("a");
      owner.next().fail(500, "broken");
      owner.next().reply(2);
      assertThat(ViewsHarness.await(first.answer()).attempts()).isEqualTo(1);
      assertThat(ViewsHarness.await(first.answer()).reply().status())
          .isEqualTo(SourceStatus.FAILED);
      assertThat(ViewsHarness.await(second.answer()).reply().status()).isEqualTo(SourceStatus.OK);
      assertThat(owner.count()).isEqualTo(2);
    }
  }
}
