package dev.rollcall.users;

import io.vertx.core.Vertx;
import java.time.Duration;

/** How the contract starts and stops the kind of store that it is to test. */
public interface StoreHarness {

  /**
   * What a store is started with.
   *
   * @param userLimit how many bytes a user may have as JSON
   * @param keepChanges how long the feed keeps a change
   */
  record Limits(int userLimit, Duration keepChanges) {
    /** Limits that no test runs into unless it wants to. */
    public static final Limits WIDE = new Limits(1 << 22, Duration.ofDays(30));
  }

  /** Starts a store on what this harness has kept so far; at first on nothing. */
  UserStore start(Vertx vertx, Limits limits);

  /** Stops the store; what was acknowledged stays. */
  void stop();
}
