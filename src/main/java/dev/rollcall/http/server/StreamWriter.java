package dev.rollcall.http.server;

import dev.rollcall.base.OutOfMemory;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Writes the items of a stream no faster than its client reads.
 *
 * <p>They go out in pieces, so that a client on a thin line is seen to make progress: one that
 * takes nothing for as long as a connection may be idle is cut off.
 */
public final class StreamWriter<T> {

  /** A piece is closed once it has this many bytes. */
  private static final int PIECE = 32 * 1024;

  private static final Buffer NOTHING = Buffer.buffer();

  private final Exchange exchange;
  private final BiConsumer<T, Buffer> encoder;
  private Iterator<T> items = Collections.emptyIterator();
  private Buffer encoded = NOTHING;
  private Future<Void> lastWrite = Future.succeededFuture();
  private Runnable whenWritten = () -> {};

  /**
   * A writer for the stream of an exchange.
   *
   * @param encoder appends one item
   */
  public StreamWriter(Exchange exchange, BiConsumer<T, Buffer> encoder) {
    this.exchange = exchange;
    this.encoder = encoder;
  }

  /**
   * Writes some items, the earlier ones having been written.
   *
   * @param whenDone runs when all are written and with the kernel, so that nothing of them is held
   *     any more; never if the client has gone
   */
  public void write(List<T> some, Runnable whenDone) {
    items = some.iterator();
    whenWritten = whenDone;
    goOn();
  }

  private void goOn() {
    HttpServerResponse response = exchange.response();
    while (!exchange.ended()) {
      if (response.writeQueueFull()) {
        exchange.outgoing().whenDrained(this::goOn);
        return;
      }
      if (encoded.length() == 0 && !items.hasNext()) {
        end();
        return;
      }
      lastWrite = response.write(piece()).onFailure(OutOfMemory::heed);
      if (exchange.carrier().isBehind()) {
        exchange.outgoing().whenTaken(lastWrite, this::goOn);
        return;
      }
    }
  }

  /** Forgets the items, which this would hold for as long as the next ones are waited for. */
  private void end() {
    Runnable done = whenWritten;
    whenWritten = () -> {};
    items = Collections.emptyIterator();
    if (lastWrite.isComplete()) {
      done.run();
    } else {
      exchange.outgoing().whenTaken(lastWrite, done);
    }
  }

  private Buffer piece() {
    if (encoded.length() == 0) {
      encoded = encode();
    }
    Buffer all = encoded;
    if (all.length() <= 2 * PIECE) {
      encoded = NOTHING;
      return all;
    }
    // One item may be as long as many pieces, and its client as slow.
    encoded = all.slice(PIECE, all.length());
    // A copy, since a piece that waits for its client would hold all of the item.
    return all.getBuffer(0, PIECE);
  }

  private Buffer encode() {
    Buffer some = Buffer.buffer(PIECE / 4);
    while (items.hasNext() && some.length() < PIECE) {
      encoder.accept(items.next(), some);
    }
    return some;
  }
}
