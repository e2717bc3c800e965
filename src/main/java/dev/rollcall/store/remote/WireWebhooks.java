package dev.rollcall.store.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.followers.webhooks.WebhookSecret;
import dev.rollcall.followers.webhooks.WebhookSpec;
import dev.rollcall.followers.webhooks.WebhookStore.Declarer;
import dev.rollcall.users.Change;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What is declared of webhooks, as it travels between nodes: with its secrets. Reading throws a
 * {@link RuntimeException} for anything else.
 */
public final class WireWebhooks {
  private WireWebhooks() {}

  static ObjectNode encode(WebhookSpec spec) {
    ObjectNode wire =
        Wire.object()
            .put("name", spec.name())
            .put("url", spec.url())
            .put("user", spec.withUser())
            .put("by", spec.withBy());
    spec.kinds().forEach(kind -> wire.withArray("kinds").add(kind.code()));
    spec.secrets().forEach(secret -> wire.withArray("secrets").add(secret.text()));
    return wire;
  }

  /** What is declared. */
  public static WebhookSpec spec(JsonNode wire) {
    Set<Change.Kind> kinds = EnumSet.noneOf(Change.Kind.class);
    wire.path("kinds").forEach(kind -> kinds.add(Change.Kind.of(kind.intValue())));
    List<WebhookSecret> secrets = new ArrayList<>();
    wire.path("secrets").forEach(text -> secrets.add(secret(text)));
    return new WebhookSpec(
        Wire.text(wire, "name"),
        Wire.text(wire, "url"),
        kinds,
        wire.required("user").booleanValue(),
        wire.required("by").booleanValue(),
        secrets);
  }

  /** A secret by its text. */
  public static WebhookSecret secret(JsonNode text) {
    return Objects.requireNonNull(WebhookSecret.parse(text.asText()));
  }

  /** Who asks. */
  public static Declarer caller(JsonNode wire) {
    return new Declarer(wire.required("caller").textValue(), wire.required("all").booleanValue());
  }
}
