package dev.rollcall.followers.traces;

import static dev.rollcall.users.Awaiting.await;
import static dev.rollcall.users.Awaiting.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Failure.Kind;
import dev.rollcall.views.ViewsHarness;
import dev.rollcall.wire.Addresses;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Users who are forgotten by all nodes, each of which has to say so. */
@Tag("slow")
class NodeTracesTest {

  private final ViewsHarness here = new ViewsHarness(sets());
  private final ViewsHarness there = new ViewsHarness(sets());
  private final Set<String> others = new CopyOnWriteArraySet<>(Set.of("b"));
  private final AtomicInteger asked = new AtomicInteger();
  private NodeTraces node;

  private static String[] sets() {
    return new String[] {"sources.a.address=test.a", "sources.a.maxAge=1h", "views.v.sources=a"};
  }

  @BeforeEach
  void start() {
    for (ViewsHarness each : new ViewsHarness[] {here, there}) {
      each.own("test.a", message -> message.reply(asked.incrementAndGet()));
    }
    node = traces("a", here);
    // The other one is another process; all that counts is that messages get there.
    NodeTraces other = traces("b", there);
    await(other.serve());
  }

  private NodeTraces traces(String name, ViewsHarness views) {
    return new NodeTraces(
        here.vertx,
        name,
        () -> others,
        views.views,
        Optional.empty(),
        Optional.empty(),
        Future::succeededFuture);
  }

  @AfterEach
  void stop() {
    here.close();
    there.close();
  }

  private static int seen(ViewsHarness node) {
    return node.recent.newest(10, fetch -> fetch.id() == 42).size();
  }

  @Test
  void allNodesForgetWhatTheyKeptOfTheUserAndWhatTheySaw() {
    here.fetch("v", null);
    there.fetch("v", null);
    await(node.forget(7));
    assertThat(seen(here)).isEqualTo(1);
    here.fetch("v", null);
    there.fetch("v", null);
    assertThat(asked).hasValue(2);
    await(node.forget(42));
    assertThat(seen(here)).isZero();
    assertThat(seen(there)).isZero();
    here.fetch("v", null);
    there.fetch("v", null);
    assertThat(asked).hasValue(4);
  }

  @Test
  void aMemberThatIsNoneOfOursHasNothing() {
    others.add("client");
    await(node.forget(42));
  }

  @Test
  void aNodeOfAnEarlierVersionCannotConfirmAndIsToldOfByName() {
    others.add("old");
    here.vertx
        .eventBus()
        .consumer(Addresses.NODE_READY + "old", any -> any.reply(new JsonObject()));
    here.fetch("v", null);
    assertThat(failureOf(node.forget(42)).kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failureOf(node.forget(42)).detail()).contains("node old did not confirm");
    // The others have forgotten all the same.
    assertThat(seen(here)).isZero();
  }

  @Test
  void aNodeThatDoesNotAnswerHasNotConfirmed() {
    others.add("silent");
    here.vertx.eventBus().consumer(Addresses.NODE_FORGET + "silent", any -> {});
    assertThat(failureOf(node.forget(42)).detail()).contains("node silent did not confirm");
  }

  @Test
  void whatIsNoUserIsRefused() {
    assertThat(
            await(
                here.vertx
                    .eventBus()
                    .request(Addresses.NODE_FORGET + "b", new JsonObject().put("id", "x"))
                    .map(false)
                    .otherwise(true)))
        .isTrue();
  }
}
