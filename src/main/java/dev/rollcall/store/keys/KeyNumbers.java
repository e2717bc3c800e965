package dev.rollcall.store.keys;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;

/**
 * The row of {@code key_numbers}, which whatever writes beside users takes first: so nodes that
 * share a database wait for each other, and for a copy that holds it.
 */
public final class KeyNumbers {
  private static final String HOLD = "UPDATE key_numbers SET revision = revision";

  private KeyNumbers() {}

  /**
   * Takes it until the transaction ends.
   *
   * @throws Failure where it is not there, which says that the store is a part of a copy
   */
  public static <E extends Exception> void hold(KeyStatements<E> statements) throws E {
    if (statements.update(HOLD) == 0) {
      throw Failure.of(Kind.UNAVAILABLE, "not written: the store is being copied to");
    }
  }
}
