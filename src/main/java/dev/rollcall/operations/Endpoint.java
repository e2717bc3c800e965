package dev.rollcall.operations;

/** What carries out an operation. */
@FunctionalInterface
public interface Endpoint {

  /**
   * Answers a request, now or later, by one of the answers of {@link Request}.
   *
   * <p>Runs on the event loop of the request. A body that is wanted must be asked for before this
   * returns.
   *
   * @throws RuntimeException becomes the answer, as a {@link dev.rollcall.base.Failure}
   */
  void answer(Resources resources, Request request);
}
