package dev.rollcall.bus;

/** What answers the messages at one address. */
@FunctionalInterface
interface Endpoint {

  /**
   * Answers a message, now or later, by {@link Call#reply} or {@link Call#fail}.
   *
   * <p>Runs on the event loop of the instance that serves it.
   *
   * @throws RuntimeException becomes a failure, as if given to {@link Call#fail}
   */
  void answer(Call call);
}
