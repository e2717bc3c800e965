package dev.rollcall.operations;

import dev.rollcall.access.Principal;
import dev.rollcall.access.SelfRights;
import dev.rollcall.base.Failure;
import dev.rollcall.wire.WholeNumber;

/**
 * Who may ask over HTTP, where sessions of users are admitted to what is about themselves; over the
 * bus they open nothing.
 */
public final class SelfAccess {

  private SelfAccess() {}

  /**
   * Refuses a caller who may not ask an operation. Which member or view of it a session may have is
   * looked at where it is known.
   *
   * @param id that of the path; empty where it has none
   * @throws Failure {@code FORBIDDEN} that names the scope, also for what is not there
   */
  public static void admit(Operation operation, Principal caller, String id) {
    SelfRights self = caller.self();
    if (self == null || !isOwn(operation, self, id)) {
      operation.admit(caller);
    }
  }

  private static boolean isOwn(Operation operation, SelfRights self, String id) {
    return switch (operation) {
      case GET_USER, PATCH_USER, SET_PASSWORD, GET_VIEW -> WholeNumber.parse(id) == self.user();
      case END_SESSION -> self.session().toString().equals(id);
      default -> false;
    };
  }
}
