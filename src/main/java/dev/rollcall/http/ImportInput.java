package dev.rollcall.http;

import dev.rollcall.config.HttpSettings;
import dev.rollcall.http.connections.RateDeadline;
import dev.rollcall.http.server.Exchange;

/**
 * The input of an import: it has to come at the least rate, but for as long as it is paused, which
 * stops the client by TCP. Belongs to the event loop of its connection.
 */
final class ImportInput {

  private enum State {
    READING,
    PAUSED,
    ENDED
  }

  private final Exchange exchange;
  private final RateDeadline rate;
  private final Runnable whenLate;
  private State state = State.READING;

  /**
   * Input that is awaited from now on.
   *
   * @param whenLate runs when it does not come in time
   */
  ImportInput(Exchange exchange, HttpSettings settings, Runnable whenLate) {
    this.exchange = exchange;
    this.rate = RateDeadline.ofBody(settings);
    this.whenLate = whenLate;
    rate.begin(System.nanoTime());
    await();
  }

  private void await() {
    exchange.carrier().expect(rate.at(), whenLate);
  }

  /** So many bytes have come. */
  void received(int bytes) {
    if (state == State.READING) {
      rate.pass(bytes, System.nanoTime());
      await();
    }
  }

  /** All of it has come. */
  void end() {
    state = State.ENDED;
    exchange.bodyRead();
  }

  boolean hasEnded() {
    return state == State.ENDED;
  }

  void pause() {
    if (state == State.READING) {
      state = State.PAUSED;
      rate.stop(System.nanoTime());
      exchange.request().pause();
      // It is our turn: the client can't send what we do not take.
      exchange.carrier().arrived();
    }
  }

  void resume() {
    if (state == State.PAUSED) {
      state = State.READING;
      rate.resume(System.nanoTime());
      await();
      exchange.request().resume();
    }
  }
}
