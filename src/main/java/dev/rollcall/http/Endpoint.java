package dev.rollcall.http;

/** What answers the requests of one route. */
@FunctionalInterface
interface Endpoint {

  /**
   * Answers a request, now or later, by {@link Exchange#send}, {@link Exchange#fail} or a stream.
   *
   * <p>Runs on the event loop of the connection before anything of the body was read. A body that
   * is wanted must be asked for before this returns.
   *
   * @throws RuntimeException becomes a problem, as if given to {@link Exchange#fail}
   */
  void answer(Exchange exchange);
}
