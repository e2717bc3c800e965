package dev.rollcall.http;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.http.connections.HttpLimits;
import dev.rollcall.operations.FollowerPoll;
import dev.rollcall.operations.Resources;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * {@code GET /followers/{name}/changes}: the requests of one instance that may wait for changes.
 * They count as event streams of the feed do, and end as these do: when their client leaves, with
 * the credential of their caller, and when the process ends.
 */
final class FollowerPolls implements Consumer<OperationExchange> {
  private final Resources resources;
  private final HttpLimits.Count count;
  private final Set<FollowerPoll> open = new HashSet<>();

  FollowerPolls(Resources resources, HttpLimits limits) {
    this.resources = resources;
    this.count = limits.feedStreams();
  }

  @Override
  public void accept(OperationExchange exchange) {
    FollowerPoll poll = new FollowerPoll(resources, exchange, new ExchangePlace(exchange));
    if (!count.enter()) {
      throw Failure.of(Kind.UNAVAILABLE, "too many event streams are open or wait for changes");
    }
    open.add(poll);
    exchange.whenEnded(
        () -> {
          open.remove(poll);
          count.leave();
        });
    poll.start();
  }

  /** Answers all that wait, as is to be done before the server is ended. */
  void end() {
    List.copyOf(open).forEach(FollowerPoll::end);
  }

  /**
   * The place of an exchange among the requests at work.
   *
   * @param exchange from the first wait on it is measured by its beginning, as a stream is, and
   *     ends soon after its caller's credential
   */
  private record ExchangePlace(OperationExchange exchange) implements FollowerPoll.Place {
    @Override
    public void giveUp(int waiting) {
      exchange.detach();
    }

    @Override
    public void takeAgain(Runnable goOn) {
      exchange.whenPlaced(goOn);
    }
  }
}
