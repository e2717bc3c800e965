package dev.rollcall.views;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Deadline;
import dev.rollcall.base.Failure;
import dev.rollcall.sources.Owner;
import dev.rollcall.sources.SourceResult;
import dev.rollcall.sources.SourceStatus;
import dev.rollcall.wire.Addresses;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sources that need the answers of others. */
class NeedsTest {

  /** As a diamond: top, then left and right, then bottom, which is listed first. */
  private static final String[] DIAMOND = {
    "sources.top.address=test.top",
    "sources.left.address=test.left",
    "sources.left.needs=top",
    "sources.right.address=test.right",
    "sources.right.needs=top",
    "sources.bottom.address=test.bottom",
    "sources.bottom.needs=left,right",
    "views.v.modes=all,sequential",
    "views.v.sources=bottom,right,left,top"
  };

  private static final String[] CHAIN = {
    "sources.a.address=test.a",
    "sources.b.address=test.b",
    "sources.b.needs=a",
    "sources.b.timeout=5s",
    "views.v.deadline=9s",
    "views.v.modes=all,sequential",
    "views.v.sources=a,b"
  };

  /** URLs that are never asked: the test owns the address of the source. */
  private static ViewsHarness foreign(String url, String... more) {
    String[] sets = {
      "deploy.sources=0",
      "sources.a.address=test.a",
      "sources.x.http=http://localhost:1" + url,
      "sources.x.needs=a",
      "views.v.sources=a,x"
    };
    return new ViewsHarness(Stream.of(sets, more).flatMap(Arrays::stream).toArray(String[]::new));
  }

  private static List<SourceStatus> statuses(ViewAnswer answer) {
    return answer.results().stream().map(SourceResult::status).toList();
  }

  @Test
  void whatDoesNotDependOnEachOtherRunsAtOnce() {
    try (ViewsHarness harness = new ViewsHarness(DIAMOND)) {
      Owner top = harness.owner("test.top");
      Owner left = harness.owner("test.left");
      Owner right = harness.owner("test.right");
      Owner bottom = harness.owner("test.bottom");
      Future<ViewAnswer> answer = harness.begin("v", "all", 42, new Cancellation());
      Message<JsonObject> first = top.next();
      assertThat(left.count() + right.count() + bottom.count()).isZero();
      first.reply("t");
      Message<JsonObject> onTheRight = right.next();
      Message<JsonObject> onTheLeft = left.next();
      onTheRight.reply("r");
      assertThat(bottom.count()).isZero();
      onTheLeft.fail(404, "none");
      Message<JsonObject> last = bottom.next();
      assertThat(last.body())
          .isEqualTo(new JsonObject("{\"id\":42,\"needs\":{\"left\":null,\"right\":\"r\"}}"));
      last.reply("b");
      assertThat(ViewsHarness.await(answer).results())
          .extracting(SourceResult::source)
          .containsExactly("bottom", "right", "left", "top");
    }
  }

  @Test
  void sequentialTakesNeedsFirst() {
    try (ViewsHarness harness = new ViewsHarness(DIAMOND)) {
      List<String> order = new CopyOnWriteArrayList<>();
      for (String name : List.of("top", "left", "right", "bottom")) {
        harness.own(
            "test." + name,
            message -> {
              order.add(name);
              message.reply(name);
            });
      }
      assertThat(harness.fetch("v", "sequential").complete()).isTrue();
      assertThat(order).containsExactly("top", "left", "right", "bottom");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"all", "sequential"})
  void whatNeedsAFailedOneIsSkipped(String mode) {
    try (ViewsHarness harness = new ViewsHarness(CHAIN)) {
      harness.own("test.a", message -> message.fail(500, "broken"));
      Owner b = harness.owner("test.b");
      ViewAnswer answer = harness.fetch("v", mode);
      assertThat(statuses(answer)).containsExactly(SourceStatus.FAILED, SourceStatus.SKIPPED);
      assertThat(answer.results().get(1).detail()).isEqualTo("it needs a, which has no answer");
      assertThat(answer.failure()).isNull();
      assertThat(b.count()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"all", "sequential"})
  void aRequiredOneThatNeedsWhatTimedOutIsATimeout(String mode) {
    try (ViewsHarness harness =
        new ViewsHarness(
            "sources.a.address=test.a",
            "sources.a.timeout=100ms",
            "sources.b.address=test.b",
            "sources.b.needs=a",
            "views.v.modes=all,sequential",
            "views.v.sources=b,a",
            "views.v.required=b")) {
      harness.own("test.a", message -> {});
      harness.own("test.b", message -> message.reply(1));
      for (Duration time : List.of(Duration.ofSeconds(1), Duration.ofMillis(100))) {
        ViewAnswer answer = harness.fetch("v", mode, time);
        assertThat(answer.failure()).isNotNull();
        assertThat(answer.failure())
            .extracting(Failure::kind)
            .isEqualTo(Failure.Kind.GATEWAY_TIMEOUT);
        assertThat(statuses(answer)).containsExactly(SourceStatus.SKIPPED, SourceStatus.TIMEOUT);
      }
    }
  }

  @Test
  void aSourceOnTheBusReceivesTheUserAndWhatItNeedsAndLessTimeThanThereIs() {
    try (ViewsHarness harness = new ViewsHarness(CHAIN)) {
      JsonObject value = new JsonObject("{\"id\":7,\"list\":[1,null,{\"x\":\"ü\"}]}");
      harness.own("test.a", message -> message.reply(value));
      Owner b = harness.owner("test.b");
      Future<ViewAnswer> answer =
          harness.begin(
              harness.vertx.getOrCreateContext(),
              "v",
              null,
              42,
              Deadline.in(Duration.ofSeconds(4)),
              new Cancellation());
      Message<JsonObject> asked = b.next();
      assertThat(asked.body())
          .isEqualTo(new JsonObject().put("id", 42).put("needs", new JsonObject().put("a", value)));
      assertThat(Long.parseLong(asked.headers().get(Addresses.DEADLINE_MS))).isBetween(1L, 3999L);
      asked.reply(null);
      assertThat(ViewsHarness.await(answer).json().toString()).contains("\"value\":null");
    }
  }

  @Test
  void aForeignOwnerOfASourceAnswersTheViewAndReceivesTheValuesOfItsUrl() {
    try (ViewsHarness harness =
        new ViewsHarness(
            "deploy.sources=0",
            "sources.account.http=http://localhost:1/{id}/{user.email}?t={user.attributes.team.id}",
            "views.profile.sources=account")) {
      harness.own(
          "rollcall.source.account",
          message -> message.reply(new JsonObject().put("asked", message.body())));
      JsonObject json = new JsonObject(harness.fetch("profile", null).json());
      assertThat(json.getJsonObject("sources").getJsonObject("account").getJsonObject("value"))
          .isEqualTo(
              new JsonObject(
                  "{\"asked\":{\"id\":42,\"needs\":{},\"values\":{"
                      + "\"user.email\":\"alice@example.com\",\"user.attributes.team.id\":\"7\"}}}"));
    }
  }

  @Test
  void valuesComeFromTheAnswersThatASourceNeeds() {
    try (ViewsHarness harness = foreign("/{a.0.id}/{a.1.name}")) {
      harness.own(
          "test.a", message -> message.reply(new JsonArray("[{\"id\":1.50},{\"name\":\"a/b\"}]")));
      Owner x = harness.owner("rollcall.source.x");
      Future<ViewAnswer> answer = harness.begin("v", null, 42, new Cancellation());
      Message<JsonObject> asked = x.next();
      assertThat(asked.body().getJsonObject("values"))
          .isEqualTo(new JsonObject().put("a.0.id", "1.5").put("a.1.name", "a/b"));
      asked.reply(true);
      assertThat(ViewsHarness.await(answer).complete()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "{}", "[{\"id\":null}]", "[{\"id\":{}}]", "7", "null", "\"0\""})
  void aValueThatAnAnswerLacksIsAbsentWithoutACall(String needed) {
    try (ViewsHarness harness = foreign("/{a.0.id}", "views.v.required=x")) {
      harness.own("test.a", message -> message.reply(Buffer.buffer(needed)));
      Owner x = harness.owner("rollcall.source.x");
      ViewAnswer answer = harness.fetch("v", null);
      assertThat(statuses(answer)).containsExactly(SourceStatus.OK, SourceStatus.ABSENT);
      assertThat(answer.results().get(1).attempts()).isZero();
      assertThat(answer.results().get(1).detail()).isEqualTo("there is no a.0.id");
      assertThat(answer.complete()).isTrue();
      assertThat(x.count()).isZero();
    }
  }

  @Test
  void anAbsentNeedLacksEveryValue() {
    try (ViewsHarness harness = foreign("/{a.0.id}")) {
      harness.own("test.a", message -> message.fail(404, "none"));
      assertThat(statuses(harness.fetch("v", null)))
          .containsExactly(SourceStatus.ABSENT, SourceStatus.ABSENT);
    }
  }

  @Test
  void anAnswerThatTheBusCannotCarryLeavesNothingBehind() {
    try (ViewsHarness harness = new ViewsHarness(CHAIN)) {
      // The codec of the event bus takes names of up to 50,000 characters.
      String name = "n".repeat(60_000);
      harness.own("test.a", message -> message.reply(Buffer.buffer("{\"" + name + "\":1}")));
      ViewAnswer answer = harness.fetch("v", null);
      assertThat(statuses(answer)).containsExactly(SourceStatus.OK, SourceStatus.FAILED);
      assertThat(answer.results().get(1).detail()).isEqualTo("it can't be sent what it needs");
    }
  }
}
