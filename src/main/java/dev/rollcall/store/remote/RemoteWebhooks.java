package dev.rollcall.store.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.followers.webhooks.WebhookSecret;
import dev.rollcall.followers.webhooks.WebhookSpec;
import dev.rollcall.followers.webhooks.WebhookStore.Declarer;
import dev.rollcall.followers.webhooks.Webhooks;
import dev.rollcall.store.remote.OwnerCall.Work;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;

/**
 * The webhooks of other nodes' store. Only nodes that say that they serve webhooks are asked; where
 * there are no others, calls fail with {@code UNAVAILABLE}.
 */
final class RemoteWebhooks implements Webhooks {
  private final NamedCalls calls;

  /**
   * The webhooks of a cluster.
   *
   * @param owners those that serve webhooks
   */
  RemoteWebhooks(EventBus bus, OwnerRegistry owners) {
    this.calls = new NamedCalls(bus, owners);
  }

  @Override
  public Future<JsonNode> list(Declarer caller) {
    return call(Work.WEBHOOKS_READ, named("list", caller));
  }

  @Override
  public Future<JsonNode> get(String name, Declarer caller) {
    return call(Work.WEBHOOKS_READ, named("get", caller).put("name", name));
  }

  @Override
  public Future<JsonNode> declare(
      WebhookSpec spec, WebhookSecret ifNew, long after, Declarer caller) {
    ObjectNode request = named("declare", caller).put("ifNew", ifNew.text()).put("after", after);
    request.set("spec", WireWebhooks.encode(spec));
    return call(Work.WEBHOOKS_WRITE, request);
  }

  @Override
  public Future<JsonNode> delete(String name, Declarer caller) {
    return call(Work.WEBHOOKS_WRITE, named("delete", caller).put("name", name));
  }

  @Override
  public Future<JsonNode> act(String name, Action action, Declarer caller) {
    return call(
        Work.WEBHOOKS_WRITE, named("act", caller).put("name", name).put("action", action.name()));
  }

  @Override
  public Future<JsonNode> replay(String name, long after, Declarer caller) {
    return call(Work.WEBHOOKS_WRITE, named("replay", caller).put("name", name).put("after", after));
  }

  @Override
  public Future<JsonNode> test(String name, Declarer caller) {
    return call(Work.WEBHOOKS_TEST, named("test", caller).put("name", name));
  }

  @Override
  public Future<JsonNode> attempts(String name, Declarer caller) {
    return call(Work.WEBHOOKS_READ, named("attempts", caller).put("name", name));
  }

  private static ObjectNode named(String call, Declarer caller) {
    return NamedCalls.named(call).put("caller", caller.name()).put("all", caller.all());
  }

  private Future<JsonNode> call(Work work, ObjectNode request) {
    return calls.send(work, request, answer -> answer);
  }
}
