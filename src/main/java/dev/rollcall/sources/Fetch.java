package dev.rollcall.sources;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/** One caller's wait for the answer of a source. Belongs to the caller's event loop. */
public final class Fetch implements Flight.Passenger {

  private final Loop loop;
  private final Promise<Flight.Landed> landed = Promise.promise();
  private @Nullable Flight flight;

  Fetch(Loop loop) {
    this.loop = loop;
  }

  /** A wait that is over. */
  static Fetch atHand(Flight.Landed answer, Loop loop) {
    Fetch fetch = new Fetch(loop);
    fetch.landed(answer);
    return fetch;
  }

  /** Waits for a flight; false when that has ended already. */
  boolean board(Flight boarded) {
    if (!boarded.board(this)) {
      return false;
    }
    flight = boarded;
    return true;
  }

  /** The answer; never fails, and never comes once this was cancelled. */
  public Future<Flight.Landed> answer() {
    return landed.future();
  }

  /** How often the source was asked so far. */
  public int attempts() {
    return flight == null ? 0 : flight.asked();
  }

  /** Waits no more. */
  public void cancel() {
    if (flight != null) {
      flight.leave(this);
    }
  }

  @Override
  public Loop loop() {
    return loop;
  }

  @Override
  public void landed(Flight.Landed how) {
    landed.tryComplete(how);
  }
}
