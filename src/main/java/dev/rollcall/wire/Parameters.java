package dev.rollcall.wire;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a request: its path and query, or the members of a body or message. A getter
 * records what is wrong and returns the fallback or null; {@link #refuseIfFaulty} reports all
 * faults.
 */
public abstract class Parameters {
  /** Unknown names may be of any length; what faults show of them is bounded. */
  protected static final int LONGEST_NAME = 100;

  /** A request may have any number of faults; the answer is bounded. */
  private static final int MOST_FAULTS = 20;

  private final List<Fault> faults;

  protected Parameters() {
    this.faults = new ArrayList<>();
  }

  /** Parameters whose faults are reported with those of others. */
  protected Parameters(Parameters others) {
    this.faults = others.faults;
  }

  /** The id, which must be there; 0 when it is at fault. */
  public abstract long id();

  /** A text that must be there, and may be empty; empty when it is at fault. */
  public abstract String required(String name);

  /** A parameter that may be given once, and may be empty; null when it is not given. */
  public abstract @Nullable String optional(String name);

  /** The pointer to a parameter in faults. */
  public abstract String pointerTo(String name);

  /** A parameter that may be given once, and must not be empty; null when it is not given. */
  public final @Nullable String text(String name) {
    String text = optional(name);
    if (text != null && text.isEmpty()) {
      fault(name, "must not be empty");
      return null;
    }
    return text;
  }

  /** A whole number within bounds; the fallback when it is not given. */
  public abstract long number(String name, long least, long most, long fallback);

  /** Whether something is asked for that is not unless said; false when it is not given. */
  public abstract boolean flag(String name);

  public abstract List<Long> numbers(String name, long least, long most, int atMost);

  /**
   * A text in a form of its own; the fallback when it is not given.
   *
   * @param parse gives null for what is not of that form
   * @param fault what to say then
   */
  public abstract long parsed(
      String name, Function<String, @Nullable Long> parse, String fault, long fallback);

  /** Throws a {@link Failure} of kind {@code INVALID} when anything is wrong. */
  public void refuseIfFaulty() {
    if (!faults.isEmpty()) {
      throw Failure.invalid(faults);
    }
  }

  public final void fault(String name, String detail) {
    faultAt(pointerTo(name), detail);
  }

  /** Records what a rule finds at fault; null where that is nothing. */
  public final void faultIfAny(String name, @Nullable String detail) {
    if (detail != null) {
      fault(name, detail);
    }
  }

  /** Records a fault at a place within one of them. */
  public final void faultAt(String pointer, String detail) {
    if (!isFull()) {
      faults.add(new Fault(pointer, detail));
    }
  }

  /** Whether further faults will not be reported. */
  protected final boolean isFull() {
    return faults.size() >= MOST_FAULTS;
  }

  protected final boolean isFaulty() {
    return !faults.isEmpty();
  }

  public static String notAnInteger(long least, long most) {
    return "must be an integer from " + least + " to " + most;
  }

  public static String shortened(String name, int longest) {
    return name.length() > longest ? name.substring(0, longest) : name;
  }

  protected final void notAnInteger(String name, long least, long most) {
    fault(name, notAnInteger(least, most));
  }

  protected final void tooMany(String name, int atMost) {
    fault(name, "must be given at most " + atMost + " times");
  }
}
