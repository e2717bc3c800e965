package dev.rollcall.users;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asks for a list by: the parameters of a query, or the members of a message.
 *
 * <p>Each getter notes what is wrong, and gives the fallback or null instead; {@link
 * #refuseIfFaulty} then tells every fault at once.
 */
public interface Parameters {

  /** A parameter that may be given once, and must not be empty; null when it is not given. */
  @Nullable String text(String name);

  /** A whole number within bounds; the fallback when it is not given. */
  long number(String name, long least, long most, long fallback);

  /** Numbers of a parameter that may have several. */
  List<Long> numbers(String name, long least, long most, int atMost);

  /**
   * A text in a form of its own; the fallback when it is not given.
   *
   * @param parse gives null for what is not of that form
   * @param fault what to say then
   */
  long parsed(String name, Function<String, @Nullable Long> parse, String fault, long fallback);

  /** Throws a {@link dev.rollcall.base.Failure} of kind {@code INVALID} when anything is wrong. */
  void refuseIfFaulty();
}
