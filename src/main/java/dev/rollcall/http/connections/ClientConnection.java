package dev.rollcall.http.connections;

import dev.rollcall.budgets.AddressShare;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection of a client, of either version of HTTP. */
interface ClientConnection {

  /** The share of the client's address. */
  AddressShare share();

  /** What carries a request; null when that is over already. */
  @Nullable ClientStream carrierOf(HttpServerRequest request);

  /** Looks for what is late or slow, and adds how to end it. */
  void look(long now, List<Runnable> endings);

  /** The connection is closed. */
  void gone();
}
