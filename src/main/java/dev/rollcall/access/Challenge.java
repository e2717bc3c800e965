package dev.rollcall.access;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import org.jspecify.annotations.Nullable;

/** What the field {@code WWW-Authenticate} of a refusal says (RFC 6750, section 3). */
public final class Challenge {
  /** The member by which a failure names the scope that is missing. */
  public static final String SCOPE = "scope";

  /** The member by which a failure says that a credential was given. */
  static final String ERROR = "error";

  private Challenge() {}

  /** The value of the field; null for a failure that is not about who asks. */
  public static @Nullable String of(Failure failure) {
    Object scope = failure.members().get(SCOPE);
    if (failure.kind() == Kind.FORBIDDEN && scope != null) {
      return "Bearer error=\"insufficient_scope\", scope=\"" + scope + "\"";
    }
    if (failure.kind() != Kind.UNAUTHORIZED) {
      return null;
    }
    Object error = failure.members().get(ERROR);
    return error == null ? "Bearer" : "Bearer error=\"" + error + "\"";
  }
}
