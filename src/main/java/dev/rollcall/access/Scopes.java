package dev.rollcall.access;

import dev.rollcall.config.auth.ScopeRules;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a caller may do: scopes as the contract names them, such as {@code users:read}. Immutable.
 *
 * <p>{@code *} holds every scope, and {@code views:read} holds {@code views:read:profile}.
 */
public final class Scopes {
  /** Every scope. */
  public static final Scopes ALL = of(List.of("*"));

  /** None. */
  public static final Scopes NONE = of(List.of());

  private final Set<String> names;
  private final boolean all;

  private Scopes(Set<String> names) {
    this.names = names;
    this.all = names.contains("*");
  }

  /** These scopes, whatever they are called: those that nothing asks for open nothing. */
  public static Scopes of(Collection<String> names) {
    return new Scopes(Set.copyOf(names));
  }

  /** The scopes of a text, with spaces between them, as {@link #toString} writes them. */
  public static Scopes parse(String text) {
    return text.isEmpty() ? NONE : of(List.of(text.split(" ")));
  }

  /** Whether a text is a scope that may be given to a key or an issuer. */
  public static boolean isScope(String name) {
    return ScopeRules.isScope(name);
  }

  /** Whether they hold a scope. */
  public boolean hold(String scope) {
    return all
        || names.contains(scope)
        || (scope.startsWith("views:read:") && names.contains("views:read"));
  }

  /** Whether they hold a scope, or one below it such as {@code views:read:profile}. */
  public boolean holdSome(String scope) {
    return hold(scope) || names.stream().anyMatch(name -> name.startsWith(scope + ":"));
  }

  /** In the order of their names. */
  public List<String> names() {
    return List.copyOf(new TreeSet<>(names));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Scopes scopes && scopes.names.equals(names);
  }

  @Override
  public int hashCode() {
    return names.hashCode();
  }

  @Override
  public String toString() {
    return String.join(" ", names());
  }
}
