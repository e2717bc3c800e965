package dev.rollcall.sources.bus;

import dev.rollcall.config.sources.BusTarget;
import dev.rollcall.config.sources.SourceSettings;
import dev.rollcall.sources.LocalSources;
import dev.rollcall.sources.Source;
import dev.rollcall.sources.SourceReply;
import dev.rollcall.sources.SourceRequest;
import dev.rollcall.wire.Addresses;
import dev.rollcall.wire.RequestIds;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Asks a source over the event bus: this process's instance by reference, else the owner of its
 * address in JSON ({@link RemoteRequests}). Safe for use by all threads.
 */
public final class BusSource implements Source {
  private final Vertx vertx;
  private final SourceSettings settings;
  private final LocalSources local;
  private final boolean served;
  private final RemoteRequests remote;

  /** What the names of our exchanges begin with. */
  private final String prefix = RequestIds.prefix();

  private final AtomicLong exchanges = new AtomicLong();

  public BusSource(Vertx vertx, SourceSettings settings, LocalSources local) {
    LocalCodec.register(vertx);
    this.vertx = vertx;
    this.settings = settings;
    this.local = local;
    this.served = settings.target().isServed();
    String address =
        settings.target() instanceof BusTarget bus
            ? bus.address()
            : Addresses.source(settings.name());
    this.remote = new RemoteRequests(vertx, settings, address);
  }

  @Override
  public Future<SourceReply> ask(SourceRequest request, long grace) {
    try {
      String here = served ? local.nearest(settings.name()) : null;
      return here != null
          ? nearest(here, request, grace)
          : remote.ask(request, prefix + Long.toString(exchanges.incrementAndGet(), 36), grace);
    } catch (RuntimeException e) {
      // A valid answer of another source may be more than the event bus's codec takes, such as a
      // member with a very long name.
      return Future.succeededFuture(SourceReply.rejected("it can't be sent what it needs"));
    }
  }

  private Future<SourceReply> nearest(String here, SourceRequest request, long grace) {
    long millis = Math.max(1, request.deadline().remainingMillis());
    Duration time = Duration.ofMillis(millis);
    return vertx
        .eventBus()
        .<Object>request(
            here, request, new DeliveryOptions().setLocalOnly(true).setSendTimeout(millis + grace))
        .transform(
            message ->
                Future.succeededFuture(
                    message.succeeded()
                        ? BusReply.of(body(message.result()), settings.answerLimit())
                        : BusReply.of(message.cause(), time)));
  }

  @Override
  public void nodeLost() {
    remote.nodeLost();
  }

  private static @Nullable Object body(Message<Object> message) {
    return message.body();
  }
}
