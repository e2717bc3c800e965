package dev.rollcall.access;

import java.util.Set;
import java.util.UUID;

/**
 * What a session of a user opens: what is about that user, as far as the settings go. Immutable.
 *
 * @param user whose session it is
 * @param session which one
 * @param patch the members that the user may change
 * @param views the views that the user may read
 */
public record SelfRights(long user, UUID session, Set<String> patch, Set<String> views) {
  /** The scope of a session's tokens, which nobody else can have. */
  public static final String SCOPE = "self";

  public SelfRights {
    patch = Set.copyOf(patch);
    views = Set.copyOf(views);
  }
}
