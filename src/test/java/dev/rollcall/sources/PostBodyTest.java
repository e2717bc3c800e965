package dev.rollcall.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.base.Cancellation;
import dev.rollcall.sources.http.Upstream;
import dev.rollcall.sources.http.UpstreamExchange;
import dev.rollcall.views.ViewAnswer;
import dev.rollcall.views.ViewsHarness;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a source is sent by POST, and what may be done with a POST that only asks. */
class PostBodyTest {

  private final Upstream upstream = Upstream.start();

  @AfterEach
  void close() {
    upstream.close();
  }

  private ViewsHarness source(String path, String... more) {
    List<String> sets = new ArrayList<>();
    sets.add("sources.a.http=" + upstream.url(path));
    sets.add("sources.a.method=post");
    sets.add("views.v.sources=a");
    sets.addAll(List.of(more));
    return new ViewsHarness(sets.toArray(String[]::new));
  }

  private String body(String... more) {
    try (ViewsHarness harness = source("/echo", more)) {
      ViewAnswer answer = harness.fetch("v", null);
      assertThat(answer.complete()).isTrue();
    }
    return last().body().toString();
  }

  private UpstreamExchange last() {
    return upstream.exchanges().get(upstream.exchanges().size() - 1);
  }

  @Test
  void aVariableAloneKeepsItsTypeAndIsTextWithinText() {
    assertThat(
            body(
                "sources.a.body={\"user\":\"{id}\",\"mail\":\"{user.email}\",\"text\":\"no. {id}"
                    + " \\\"{user.name}\\\"\",\"team\":\"{user.attributes.team}\",\"n\":[1.5,true,"
                    + "null,{},[]]}"))
        .isEqualTo(
            "{\"user\":42,\"mail\":\"alice@example.com\",\"text\":\"no. 42 \\\"Alice\\\"\","
                + "\"team\":{\"id\":7},\"n\":[1.5,true,null,{},[]]}");
  }

  @Test
  void withoutATemplateItIsTheIdAndTheNeeds() {
    assertThat(body()).isEqualTo("{\"id\":42,\"needs\":{}}");
  }

  @Test
  void theWholeBodyMayBeOneVariable() {
    assertThat(body("sources.a.body=\"{user.attributes.team}\"")).isEqualTo("{\"id\":7}");
    assertThat(body("sources.a.body=\"{id}\"")).isEqualTo("42");
  }

  @Test
  void valuesOfNeedsKeepTheirBytesAndEscapeInText() {
    try (ViewsHarness harness =
        source(
            "/echo",
            "sources.b.address=test.b",
            "sources.a.needs=b",
            "sources.a.body={\"n\":\"{b.n}\",\"list\":\"{b.list}\",\"q\":\"<{b.q}>\"}",
            "views.v.sources=b,a")) {
      harness.own(
          "test.b",
          message ->
              message.reply(
                  Buffer.buffer(
                      "{\"n\":1.50e2,\"list\":[ 1,\"\\u00e9\"],\"q\":\"\\\"},{\\\"x\\\\\"}")));
      assertThat(harness.fetch("v", null).complete()).isTrue();
    }
    assertThat(last().body())
        .hasToString("{\"n\":1.50e2,\"list\":[ 1,\"\\u00e9\"],\"q\":\"<\\\"},{\\\"x\\\\>\"}");
  }

  @Test
  void aValueThatIsMissingLeavesNothingToAsk() {
    for (String body : List.of("{user.attributes.none}", "a {user.attributes.none}")) {
      try (ViewsHarness harness = source("/echo", "sources.a.body={\"x\":\"" + body + "\"}")) {
        ViewAnswer answer = harness.fetch("v", null);
        assertThat(answer.results().get(0).status()).isEqualTo(SourceStatus.ABSENT);
        assertThat(answer.results().get(0).detail()).isEqualTo("there is no user.attributes.none");
      }
    }
    assertThat(upstream.exchanges()).isEmpty();
  }

  @Test
  void onlyASafePostIsJoinedAndKept() {
    for (boolean safe : List.of(false, true)) {
      int before = upstream.exchanges().size();
      List<String> more = new ArrayList<>(List.of("sources.a.body={\"x\":\"{id}\"}"));
      if (safe) {
        more.add("sources.a.safe=true");
        more.add("sources.a.maxAge=1m");
      }
      try (ViewsHarness harness = source("/slow/100", more.toArray(String[]::new))) {
        List<Future<ViewAnswer>> both = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
          both.add(harness.begin("v", null, 42, new Cancellation()));
        }
        both.forEach(answer -> assertThat(ViewsHarness.await(answer).complete()).isTrue());
        harness.fetch("v", null);
      }
      assertThat(upstream.exchanges().size() - before).isEqualTo(safe ? 1 : 3);
    }
  }

  @Test
  void aSafePostIsRetried() {
    try (ViewsHarness harness =
        source("/status/500", "sources.a.safe=true", "sources.a.retries=2")) {
      assertThat(harness.fetch("v", null).results().get(0).attempts()).isEqualTo(3);
    }
    assertThat(upstream.exchanges()).hasSize(3);
  }

  @Test
  void anotherProcessSendsTheValuesAndNothingThatIsNoJson() {
    try (ViewsHarness harness =
        source(
            "/echo", "sources.a.body={\"x\":\"{user.attributes.team}\",\"y\":\"<{user.name}>\"}")) {
      assertThat(
              ask(
                  harness,
                  new JsonObject().put("{user.attributes.team}", " [1, 2]").put("user.name", "B")))
          .isNotNull();
      assertThat(last().body()).hasToString("{\"x\": [1, 2],\"y\":\"<B>\"}");
      for (JsonObject values :
          List.of(
              new JsonObject().put("{user.attributes.team}", "1,\"z\":2").put("user.name", "B"),
              new JsonObject().put("{user.attributes.team}", "").put("user.name", "B"),
              new JsonObject().put("{user.attributes.team}", 5).put("user.name", "B"),
              new JsonObject().put("user.attributes.team", "5").put("user.name", "B"),
              new JsonObject().put("{user.attributes.team}", "5"))) {
        assertThatThrownBy(() -> ask(harness, values))
            .hasRootCauseInstanceOf(ReplyException.class)
            .rootCause()
            .hasMessageContaining("is expected for")
            .extracting(failure -> ((ReplyException) failure).failureCode())
            .isEqualTo(400);
      }
    }
    assertThat(upstream.exchanges()).hasSize(1);
  }

  private static Object ask(ViewsHarness harness, JsonObject values) {
    return ViewsHarness.await(
            harness
                .vertx
                .eventBus()
                .request("rollcall.source.a", new JsonObject().put("id", 42).put("values", values)))
        .body();
  }
}
