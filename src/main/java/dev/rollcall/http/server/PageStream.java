package dev.rollcall.http.server;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * Pages on their way to one client: each is read, written, and only when it is with the kernel the
 * next one is read, so that a slow client costs a page of memory. Belongs to the event loop of its
 * connection.
 *
 * @param <T> an item of a page
 */
public final class PageStream<T> {

  private final Exchange exchange;
  private final ToLongFunction<T> size;
  private final StreamWriter<T> writer;

  /**
   * Pages of which none has been read.
   *
   * @param size about what an item takes of memory until it is written, in bytes
   * @param encoder appends one item
   */
  public PageStream(Exchange exchange, ToLongFunction<T> size, BiConsumer<T, Buffer> encoder) {
    this.exchange = exchange;
    this.size = size;
    this.writer = new StreamWriter<>(exchange, encoder);
  }

  /**
   * Reads a page once there is room for it; a failure to read it is one of the exchange.
   *
   * @param whenRead not called if the client has gone
   */
  public <P> void read(Supplier<Future<P>> page, Consumer<P> whenRead) {
    if (!exchange.ended()) {
      exchange
          .outgoing()
          .reservePage(
              () ->
                  exchange.reply(
                      page.get(),
                      read -> {
                        if (!exchange.ended()) {
                          whenRead.accept(read);
                        }
                      }));
    }
  }

  /** Corrects the room that is held to what was read; false where there is not so much. */
  public boolean fit(List<T> items) {
    long sum = 0;
    for (T item : items) {
      sum += size.applyAsLong(item);
    }
    return exchange.outgoing().fit(sum);
  }

  /**
   * Writes what was read.
   *
   * @param goOn runs when nothing of it is held any more; never if the client has gone
   */
  public void write(List<T> items, Runnable goOn) {
    writer.write(
        items,
        () -> {
          exchange.outgoing().giveBack();
          goOn.run();
        });
  }
}
