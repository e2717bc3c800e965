package dev.rollcall.store.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.followers.webhooks.WebhookSecret;
import dev.rollcall.followers.webhooks.WebhookSpec;
import dev.rollcall.followers.webhooks.WebhookStore.Declarer;
import dev.rollcall.followers.webhooks.Webhooks;
import dev.rollcall.store.remote.OwnerCall.Work;
import io.vertx.core.Future;

/**
 * The webhooks of other nodes' store. Only nodes that say that they serve webhooks are asked; where
 * there are no others, calls fail with {@code UNAVAILABLE}.
 *
 * @param calls of the nodes that serve webhooks
 */
record RemoteWebhooks(NamedCalls calls) implements Webhooks {
  @Override
  public Future<JsonNode> list(Declarer caller) {
    return calls.read(named("list", caller), answer -> answer);
  }

  @Override
  public Future<JsonNode> get(String name, Declarer caller) {
    return calls.read(named("get", caller).put("name", name), answer -> answer);
  }

  @Override
  public Future<JsonNode> declare(
      WebhookSpec spec, WebhookSecret ifNew, long after, Declarer caller) {
    ObjectNode request = named("declare", caller).put("ifNew", ifNew.text()).put("after", after);
    request.set("spec", WireWebhooks.encode(spec));
    return calls.write(request, answer -> answer);
  }

  @Override
  public Future<JsonNode> delete(String name, Declarer caller) {
    return calls.write(named("delete", caller).put("name", name), answer -> answer);
  }

  @Override
  public Future<JsonNode> act(String name, Action action, Declarer caller) {
    return calls.write(
        named("act", caller).put("name", name).put("action", action.name()), answer -> answer);
  }

  @Override
  public Future<JsonNode> replay(String name, long after, Declarer caller) {
    return calls.write(
        named("replay", caller).put("name", name).put("after", after), answer -> answer);
  }

  @Override
  public Future<JsonNode> test(String name, Declarer caller) {
    return calls.send(
        Work.WEBHOOKS_TEST, named("test", caller).put("name", name), answer -> answer);
  }

  @Override
  public Future<JsonNode> attempts(String name, Declarer caller) {
    return calls.read(named("attempts", caller).put("name", name), answer -> answer);
  }

  private static ObjectNode named(String call, Declarer caller) {
    return NamedCalls.named(call).put("caller", caller.name()).put("all", caller.all());
  }
}
