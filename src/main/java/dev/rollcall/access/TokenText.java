package dev.rollcall.access;

import org.jspecify.annotations.Nullable;

/**
 * The text of a token, by which it is found. Its hash is that of its end alone, where the signature
 * stands, which differs from token to token: a hash of all would take most of the time of a request
 * that is spent on its caller. Whoever makes up many of one hash finds them in order, as maps keep
 * what can be compared.
 */
public final class TokenText implements Comparable<TokenText> {

  private static final int HASHED = 24;

  /** So often in turn a token is known without being looked for. */
  private static final int RECALLS = 64;

  private final String text;
  private final int hash;
  private @Nullable Object found;
  private int recalls;

  /** Of any length and content. */
  public TokenText(String text) {
    this.text = text;
    this.hash = hashOfEnd(text, HASHED);
  }

  /** The hash of the last characters of a text, and of its length. */
  static int hashOfEnd(String text, int characters) {
    int end = text.length();
    int hash = end;
    for (int i = Math.max(0, end - characters); i < end; i++) {
      hash = 31 * hash + text.charAt(i);
    }
    return hash;
  }

  /** The token itself. */
  public String text() {
    return text;
  }

  /**
   * As what it was found last, for some times; then null, so that whoever remembers tokens hears
   * that this one is still used. Where several threads have this very object, one of them may look
   * for it in vain.
   */
  public @Nullable Object recall() {
    return recalls++ < RECALLS ? found : null;
  }

  /** It was found. */
  public void foundAs(Object entry) {
    found = entry;
    recalls = 0;
  }

  public int length() {
    return text.length();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TokenText token && token.hash == hash && token.text.equals(text);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public int compareTo(TokenText other) {
    return text.compareTo(other.text);
  }

  /** Nothing of it. */
  @Override
  public String toString() {
    return "a token";
  }
}
