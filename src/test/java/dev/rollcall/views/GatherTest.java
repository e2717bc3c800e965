package dev.rollcall.views;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.sources.SourceResult;
import dev.rollcall.sources.SourceStatus;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What each mode makes of how its sources end. */
class GatherTest {

  private static final String[] THREE = {
    "sources.a.address=test.a",
    "sources.b.address=test.b",
    "sources.c.address=test.c",
    "views.v.sources=a,b,c",
    "views.v.modes=all,any,race,sequential"
  };

  private static void answers(ViewsHarness harness, String name) {
    harness.own("test." + name, m -> m.reply(new JsonObject().put("from", name)));
  }

  @Test
  void allGivesEveryAnswer() {
    try (ViewsHarness harness = new ViewsHarness(THREE)) {
      List.of("a", "b", "c").forEach(name -> answers(harness, name));
      ViewAnswer answer = harness.fetch("v", null);
      assertThat(answer.failure()).isNull();
      assertThat(answer.complete()).isTrue();
      JsonObject json = new JsonObject(answer.json());
      assertThat(json.fieldNames()).containsExactly("user", "view", "mode", "complete", "sources");
      assertThat(json.getJsonObject("sources").getJsonObject("b").getJsonObject("value"))
          .isEqualTo(new JsonObject().put("from", "b"));
    }
  }

  @Test
  void oneWithoutAHandlerFailsAndTheRestIsAnswered() {
    try (ViewsHarness harness = new ViewsHarness(THREE)) {
      List.of("a", "b").forEach(name -> answers(harness, name));
      ViewAnswer answer = harness.fetch("v", "all");
      assertThat(answer.failure()).isNull();
      assertThat(answer.complete()).isFalse();
      assertThat(answer.results().get(2).status()).isEqualTo(SourceStatus.FAILED);
      assertThat(answer.results().get(2).detail()).isEqualTo("no handler");
    }
  }

  @Test
  void anyEndsAtTheFirstGoodOne() {
    try (ViewsHarness harness = new ViewsHarness(THREE)) {
      harness.own("test.a", m -> {});
      answers(harness, "b");
      ViewAnswer answer = harness.fetch("v", "any");
      assertThat(answer.failure()).isNull();
      assertThat(answer.complete()).isTrue();
      assertThat(answer.results().get(0).status()).isEqualTo(SourceStatus.CANCELLED);
      assertThat(answer.results().get(1).status()).isEqualTo(SourceStatus.OK);
    }
  }

  @Test
  void raceIsLostWhenTheFirstToEndFails() {
    try (ViewsHarness harness = new ViewsHarness(THREE)) {
      harness.own("test.a", m -> {});
      harness.own("test.b", m -> m.fail(500, "broken"));
      harness.own("test.c", m -> {});
      ViewAnswer answer = harness.fetch("v", "race");
      assertThat(answer.failure()).extracting(Failure::kind).isEqualTo(Kind.BAD_GATEWAY);
    }
  }

  @Test
  void sequentialGoesOnPastWhatFails() {
    try (ViewsHarness harness = new ViewsHarness(THREE)) {
      harness.own("test.a", m -> m.fail(404, "none"));
      harness.own("test.b", m -> m.fail(500, "broken"));
      answers(harness, "c");
      ViewAnswer answer = harness.fetch("v", "sequential");
      assertThat(answer.results())
          .extracting(SourceResult::status)
          .containsExactly(SourceStatus.ABSENT, SourceStatus.FAILED, SourceStatus.OK);
      assertThat(answer.complete()).isFalse();
    }
  }
}
