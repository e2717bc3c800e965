package dev.rollcall.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Nodes that share an event bus, each of which says whether it is ready. */
@ExtendWith(VertxExtension.class)
class NodeReadinessTest {

  private static NodeReadiness node(String name, boolean serves, String... others) {
    Readiness own = new Readiness(() -> Future.succeededFuture(true), Future::succeededFuture);
    if (serves) {
      own.serving();
    }
    return new NodeReadiness(name, () -> Set.of(others), own);
  }

  private static List<String> ask(NodeReadiness node, Vertx vertx) throws TimeoutException {
    JsonObject body = new JsonObject(node.ask(vertx).await(20, TimeUnit.SECONDS).body().toString());
    return body.getJsonArray("items").stream().map(Object::toString).toList();
  }

  @Test
  void eachNodeAnswersForItself(Vertx vertx) throws TimeoutException {
    NodeReadiness first = node("a", true, "c", "b", "gone");
    node("b", true).serve(vertx).await(20, TimeUnit.SECONDS);
    node("c", false).serve(vertx).await(20, TimeUnit.SECONDS);
    assertThat(ask(first, vertx))
        .containsExactly(
            "{\"node\":\"a\",\"self\":true,\"ready\":true,\"reason\":\"serving\"}",
            "{\"node\":\"b\",\"self\":false,\"ready\":true,\"reason\":\"serving\"}",
            "{\"node\":\"c\",\"self\":false,\"ready\":false,\"reason\":\"starting\"}",
            "{\"node\":\"gone\",\"self\":false,\"ready\":null,\"reason\":\"it does not answer\"}");
  }

  @Test
  void aProcessThatIsAloneHasNoName(Vertx vertx) throws TimeoutException {
    NodeReadiness alone = node("", true);
    alone.serve(vertx).await(20, TimeUnit.SECONDS);
    assertThat(ask(alone, vertx))
        .containsExactly("{\"node\":\"\",\"self\":true,\"ready\":true,\"reason\":\"serving\"}");
  }
}
