package dev.rollcall.operations;

import java.util.Locale;

/** Operations by the names that the contracts give them. */
public final class OperationNames {

  private OperationNames() {}

  /** {@code GET_USER} is {@code getUser}. */
  public static String of(Operation operation) {
    StringBuilder name = new StringBuilder();
    for (String word : operation.name().toLowerCase(Locale.ROOT).split("_", -1)) {
      name.append(name.isEmpty() ? word.charAt(0) : Character.toUpperCase(word.charAt(0)));
      name.append(word, 1, word.length());
    }
    return name.toString();
  }
}
