package dev.rollcall.wire;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Fault;
import java.util.ArrayList;
import java.util.List;

/**
 * What is wrong with one request, collected so that it is told at once. The same words for the same
 * fault, wherever it is found.
 */
public final class Faults {

  /** A hostile request may have any number of faults; the answer stays small. */
  private static final int MOST = 20;

  private final List<Fault> faults = new ArrayList<>();

  /** Notes a fault, at a pointer as {@link Fault} has it. */
  public void add(String pointer, String detail) {
    if (!isFull()) {
      faults.add(new Fault(pointer, detail));
    }
  }

  /** Whether further ones will not be told, so that there is no need to look for them. */
  public boolean isFull() {
    return faults.size() >= MOST;
  }

  public boolean isEmpty() {
    return faults.isEmpty();
  }

  /** Throws a {@link Failure} of kind {@code INVALID} when there are any. */
  public void refuseIfAny() {
    if (!faults.isEmpty()) {
      throw Failure.invalid(faults);
    }
  }

  /** What to say of a value that is no integer within bounds. */
  public static String notAnInteger(long least, long most) {
    return "must be an integer from " + least + " to " + most;
  }
}
