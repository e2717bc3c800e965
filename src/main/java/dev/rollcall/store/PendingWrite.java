package dev.rollcall.store;

import dev.rollcall.users.UserWrite;
import dev.rollcall.users.WriteOutcome;
import io.vertx.core.Context;

/** A write that waits for the writer. */
public final class PendingWrite extends PendingWork<WriteOutcome>
    implements WriteApplication.Waiter {
  private final UserWrite write;

  PendingWrite(UserWrite write, Context caller) {
    super(caller);
    this.write = write;
  }

  public UserWrite write() {
    return write;
  }
}
