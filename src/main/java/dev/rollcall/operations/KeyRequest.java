package dev.rollcall.operations;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.access.Scopes;
import dev.rollcall.users.UserRules;
import dev.rollcall.wire.JsonMembers;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a key is to be, as a client or an operator asks for it.
 *
 * @param expiresAt to the millisecond; null for one that does not expire
 */
public record KeyRequest(String name, Scopes scopes, @Nullable Instant expiresAt) {
  /** What a name may have, in characters. */
  public static final int LONGEST_NAME = 100;

  /** How many scopes a key may have. */
  public static final int MOST_SCOPES = 50;

  /**
   * How many characters the scopes of a key may have together, so that all keys fit into memory.
   */
  public static final int LONGEST_SCOPES = 4_000;

  private static final String NAME = "name";
  private static final String SCOPES = "scopes";
  private static final String EXPIRES_AT = "expiresAt";
  private static final Set<String> MEMBERS = Set.of(NAME, SCOPES, EXPIRES_AT);

  /** Times have four digits for the year. */
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

  /**
   * Reads {@code {"name":…,"scopes":[…],"expiresAt":…}}.
   *
   * @param now the present moment, behind which a key must expire
   * @throws dev.rollcall.base.Failure of kind {@code INVALID} that names every fault
   */
  static KeyRequest read(JsonNode body, Instant now) {
    JsonMembers members = JsonMembers.of(body, MEMBERS);
    String name = UserRules.trimmed(members.required(NAME));
    if (members.isText(NAME)) {
      members.faultIfAny(NAME, UserRules.faultOfName(name, LONGEST_NAME));
    }
    List<String> scopes = scopes(members);
    members.faultIfAny(SCOPES, faultOfScopes(scopes));
    Instant expiresAt = null;
    JsonNode end = members.get(EXPIRES_AT);
    if (end != null && !end.isNull()) {
      expiresAt = end.isTextual() ? time(end.textValue()) : null;
      members.faultIfAny(EXPIRES_AT, faultOfEnd(expiresAt, now));
    }
    members.refuseIfFaulty();
    return new KeyRequest(name, Scopes.of(Set.copyOf(scopes)), expiresAt);
  }

  private static List<String> scopes(JsonMembers members) {
    JsonNode given = members.part(SCOPES);
    List<String> scopes = new ArrayList<>();
    if (!members.has(SCOPES)) {
      return scopes;
    }
    if (!given.isArray() || given.isEmpty() || given.size() > MOST_SCOPES) {
      members.fault(SCOPES, "must be an array of 1 to " + MOST_SCOPES + " scopes");
      return scopes;
    }
    for (int i = 0; i < given.size(); i++) {
      String scope = given.get(i).asText(); // What is no text is no scope either.
      String fault = faultOfScope(scope);
      if (fault != null) {
        members.faultAt(members.pointerTo(SCOPES) + "/" + i, fault);
      } else {
        scopes.add(scope);
      }
    }
    return scopes;
  }

  /** What is wrong with a scope; null for nothing. */
  public static @Nullable String faultOfScope(String scope) {
    return Scopes.isScope(scope)
        ? null
        : "must be a scope: users:read, users:write, credentials, views:read, views:read:VIEW,"
            + " jobs, keys, webhooks, source:NAME, bus:ADDRESS, ops or *";
  }

  /** What is wrong with scopes together; null for nothing. */
  public static @Nullable String faultOfScopes(List<String> scopes) {
    return scopes.stream().mapToInt(String::length).sum() > LONGEST_SCOPES
        ? "must have at most " + LONGEST_SCOPES + " characters together"
        : null;
  }

  /** What is wrong with the end of a key; null for nothing. */
  public static @Nullable String faultOfEnd(@Nullable Instant expiresAt, Instant now) {
    if (expiresAt == null) {
      return "must be a time like 2030-01-01T00:00:00.000Z, or left out";
    }
    return expiresAt.isAfter(now) && !expiresAt.isAfter(LAST)
        ? null
        : "must be in the future, and before the year 10000";
  }

  /** The time of a text (RFC 3339), cut to the millisecond; null for another text. */
  public static @Nullable Instant time(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MILLIS);
    } catch (DateTimeException notOne) {
      return null;
    }
  }
}
