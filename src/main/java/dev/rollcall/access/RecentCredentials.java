package dev.rollcall.access;

import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The credentials that came to an event loop of late, taken apart, since a client sends the same
 * one with each request: neither is a key hashed again, nor a token copied. Whether one holds is
 * not remembered here. Belongs to one event loop.
 */
public final class RecentCredentials {

  /** A power of two. Two credentials that fall into one place drive out each other. */
  private static final int PLACES = 256;

  /** Longer fields are taken apart each time, so that all together stay below 2 MiB. */
  private static final int LONGEST = 2048;

  /** The end of a field is where one of them differs from the others. */
  private static final int HASHED = 16;

  private final Authentication authentication;
  private final @Nullable Credential[] places = new Credential[PLACES];

  /** None yet. */
  public RecentCredentials(Authentication authentication) {
    this.authentication = authentication;
  }

  /** Who asks, as {@link Authentication#identify} says. */
  public Future<Principal> identify(List<String> fields) {
    return authentication.identify(fields, this::read);
  }

  /**
   * Who asks, where nothing has to be found out for it: whoever sends a credential that came here
   * before, and holds.
   *
   * @param field null where the request has none
   * @return null for all others, of whom {@link #identify} finds out more
   */
  public @Nullable Principal recall(@Nullable String field) {
    Future<Principal> found =
        field == null
            ? authentication.identify(List.of())
            : authentication.identify(List.of(field), this::readBefore);
    return found.succeeded() ? found.result() : null;
  }

  private Credential readBefore(String field) {
    Credential known = places[place(field)];
    return known != null && known.isOf(field) ? known : Credential.none(field);
  }

  private Credential read(String field) {
    if (field.length() > LONGEST) {
      return authentication.read(field);
    }
    int place = place(field);
    Credential known = places[place];
    if (known == null || !known.isOf(field)) {
      known = authentication.read(field);
      places[place] = known;
    }
    return known;
  }

  private static int place(String field) {
    int hash = TokenText.hashOfEnd(field, HASHED);
    return (hash ^ hash >>> 16) & (PLACES - 1);
  }
}
