package dev.rollcall.followers.webhooks;

import dev.rollcall.users.Change;
import java.util.List;
import java.util.Set;

/**
 * What the owner of a webhook declares.
 *
 * @param url http or https, without credentials
 * @param kinds of changes that are sent; deletions are, whatever it says
 * @param withUser whether the user goes along
 * @param withBy whether it goes along who made a change
 * @param secrets each delivery is signed with each of them
 */
public record WebhookSpec(
    String name,
    String url,
    Set<Change.Kind> kinds,
    boolean withUser,
    boolean withBy,
    List<WebhookSecret> secrets) {
  public WebhookSpec {
    kinds = Set.copyOf(kinds);
    secrets = List.copyOf(secrets);
  }

  /** Whether a change is sent. */
  public boolean sends(Change.Kind kind) {
    return kind == Change.Kind.DELETED || kinds.contains(kind);
  }

  /** The same with other secrets. */
  public WebhookSpec with(List<WebhookSecret> others) {
    return new WebhookSpec(name, url, kinds, withUser, withBy, others);
  }
}
