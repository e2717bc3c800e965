package dev.rollcall.followers.webhooks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.followers.webhooks.WebhookStore.Declarer;
import dev.rollcall.users.Change;
import dev.rollcall.users.UserSchema;
import dev.rollcall.users.UserStore;
import dev.rollcall.wire.StrictJson;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The webhooks of this process' store. Safe for use by all threads. */
public final class StoredWebhooks implements Webhooks {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final WebhookStore store;
  private final UserStore users;
  private final Clock clock;
  private volatile @Nullable Served served;

  /** What the verticle does for those who declare. */
  private record Served(Runnable look, Function<WebhookSpec, Future<DeliveryAttempt>> test) {}

  /** The webhooks that a store keeps, whose feed is that of its users. */
  public StoredWebhooks(WebhookStore store, UserStore users, Clock clock) {
    this.store = store;
    this.users = users;
    this.clock = clock;
  }

  void served(Runnable look, Function<WebhookSpec, Future<DeliveryAttempt>> test) {
    served = new Served(look, test);
  }

  void servedNoMore() {
    served = null;
  }

  /** What other processes do is seen within a second; what is done here at once. */
  private <T> T changed(T answer) {
    Served now = served;
    if (now != null) {
      now.look().run();
    }
    return answer;
  }

  @Override
  public Future<JsonNode> list(Declarer caller) {
    return store
        .all()
        .map(
            all -> {
              ObjectNode json = NODES.objectNode();
              ArrayNode items = json.putArray("items");
              all.stream().filter(caller::owns).forEach(each -> items.add(json(each)));
              return json;
            });
  }

  @Override
  public Future<JsonNode> get(String name, Declarer caller) {
    return find(name, caller).map(this::json);
  }

  @Override
  public Future<JsonNode> declare(
      WebhookSpec spec, WebhookSecret ifNew, long after, Declarer caller) {
    return store
        .declare(spec, ifNew, caller, after < 0 ? users.position() : after, clock.instant())
        .map(
            declared -> {
              ObjectNode json = json(declared.webhook());
              if (declared.created() && spec.secrets().isEmpty()) {
                json.putArray("secrets").add(ifNew.text());
              }
              json.put("created", declared.created());
              return changed(json);
            });
  }

  @Override
  public Future<JsonNode> delete(String name, Declarer caller) {
    return find(name, caller)
        .compose(found -> store.delete(found.id()))
        .map(deleted -> changed(NullNode.instance));
  }

  @Override
  public Future<JsonNode> act(String name, Action action, Declarer caller) {
    String why = action == Action.PAUSE ? "by its owner" : null;
    return find(name, caller).compose(found -> store.pause(found.id(), why)).map(this::found);
  }

  @Override
  public Future<JsonNode> replay(String name, long after, Declarer caller) {
    return find(name, caller).compose(found -> store.replay(found.id(), after)).map(this::found);
  }

  private JsonNode found(Optional<Webhook> webhook) {
    return changed(json(webhook.orElseThrow(StoredWebhooks::none)));
  }

  @Override
  public Future<JsonNode> test(String name, Declarer caller) {
    Served now = served;
    if (now == null) {
      return Future.failedFuture(Failure.of(Kind.UNAVAILABLE, "this node is about to end"));
    }
    return find(name, caller)
        .compose(
            webhook ->
                now.test()
                    .apply(webhook.spec())
                    .map(DeliveryAttempt::line)
                    .compose(line -> store.note(webhook.id(), line).map(line)))
        .map(StoredWebhooks::line);
  }

  @Override
  public Future<JsonNode> attempts(String name, Declarer caller) {
    return find(name, caller)
        .compose(webhook -> store.attempts(webhook.id()))
        .map(StoredWebhooks::lines);
  }

  private static JsonNode lines(List<String> lines) {
    ObjectNode json = NODES.objectNode();
    ArrayNode items = json.putArray("items");
    lines.forEach(each -> items.add(line(each)));
    return json;
  }

  private static JsonNode line(String text) {
    return StrictJson.read(text.getBytes(StandardCharsets.UTF_8));
  }

  private Future<Webhook> find(String name, Declarer caller) {
    return store
        .find(name)
        .map(found -> found.filter(caller::owns).orElseThrow(StoredWebhooks::none));
  }

  private static Failure none() {
    return Failure.of(Kind.NOT_FOUND, "there is no such webhook");
  }

  private ObjectNode json(Webhook webhook) {
    WebhookSpec spec = webhook.spec();
    ObjectNode json = NODES.objectNode().put("name", spec.name()).put("url", spec.url());
    ArrayNode kinds = json.putArray("kinds");
    for (Change.Kind kind : Change.Kind.values()) {
      if (spec.kinds().contains(kind)) {
        kinds.add(kind.word());
      }
    }
    return json.put("payload", spec.withUser() ? "full" : "thin")
        .put("by", spec.withBy())
        .put("state", webhook.state())
        .put("pausedFor", webhook.paused())
        .put("position", webhook.position())
        .put("lag", webhook.lag())
        .put("parked", webhook.parked())
        .put("lost", webhook.lost())
        .put("lastError", webhook.lastError())
        .put("createdAt", UserSchema.TIME.format(webhook.createdAt()))
        .put("updatedAt", UserSchema.TIME.format(webhook.updatedAt()))
        .put("createdBy", webhook.madeBy());
  }
}
