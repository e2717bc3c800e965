package dev.rollcall.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.views.ViewAnswer;
import dev.rollcall.views.ViewsHarness;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

/** Values that are made of parts of the answers. */
class SelectedFieldsTest {

  private static ViewsHarness source(String... fields) {
    String[] sets = new String[fields.length + 3];
    System.arraycopy(fields, 0, sets, 0, fields.length);
    sets[fields.length] = "sources.a.address=test.a";
    sets[fields.length + 1] = "sources.a.maxAge=1m";
    sets[fields.length + 2] = "views.v.sources=a";
    return new ViewsHarness(sets);
  }

  @Test
  void aValueIsMadeOfWhatTheSourceSentByteForByte() {
    try (ViewsHarness harness =
        source(
            "sources.a.fields.city=address.city",
            "sources.a.fields.first=labels.0",
            "sources.a.fields.tags=labels[].name",
            "sources.a.fields.none=no.such")) {
      harness.own(
          "test.a",
          message ->
              message.reply(
                  Buffer.buffer(
                      "{\"labels\":[{\"name\":\"x\"},{\"id\":1}],\"balance\":1,"
                          + "\"address\":{\"zip\":2,\"city\":1.50E+2}}")));
      String value = "{\"city\":1.50E+2,\"first\":{\"name\":\"x\"},\"tags\":[\"x\"]}";
      Fetch.Outcome first = ViewsHarness.await(harness.ask("a").answer());
      assertThat(first.reply().value()).hasToString(value);
      Fetch.Outcome kept = ViewsHarness.await(harness.ask("a").answer());
      assertThat(kept.attempts()).isZero();
      assertThat(kept.reply().value()).hasToString(value);
    }
  }

  @Test
  void anAnswerWithNothingOfItIsAnEmptyObject() {
    try (ViewsHarness harness = source("sources.a.fields.city=address.city")) {
      harness.own("test.a", message -> message.reply(7));
      SourceReply reply = ViewsHarness.await(harness.ask("a").answer()).reply();
      assertThat(reply.value()).hasToString("{}");
      assertThat(reply.status()).isEqualTo(SourceStatus.OK);
    }
  }

  @Test
  void moreThanAnAnswerMayHaveIsAFailureAndNotKept() {
    try (ViewsHarness harness =
        source("sources.a.answerLimit=100B", "sources.a.fields.p=x", "sources.a.fields.q=x")) {
      harness.own(
          "test.a", message -> message.reply(Buffer.buffer("{\"x\":\"" + "y".repeat(60) + "\"}")));
      for (int i = 0; i < 2; i++) {
        Fetch.Outcome outcome = ViewsHarness.await(harness.ask("a").answer());
        assertThat(outcome.attempts()).isEqualTo(1);
        assertThat(outcome.reply().status()).isEqualTo(SourceStatus.FAILED);
        assertThat(outcome.reply().detail()).isEqualTo("fields of more than 100 bytes");
      }
    }
  }

  @Test
  void whoNeedsTheSourceHasItsValueAndNotItsAnswer() {
    try (ViewsHarness harness =
        new ViewsHarness(
            "sources.a.address=test.a",
            "sources.a.fields.city=address.city",
            "sources.b.address=test.b",
            "sources.b.needs=a",
            "views.v.sources=a,b")) {
      harness.own(
          "test.a", message -> message.reply(Buffer.buffer("{\"address\":{\"city\":\"Ulm\"}}")));
      harness.own("test.b", message -> message.reply(message.body().getJsonObject("needs")));
      ViewAnswer answer = harness.fetch("v", null);
      assertThat(answer.results().get(1).value()).hasToString("{\"a\":{\"city\":\"Ulm\"}}");
    }
  }
}
