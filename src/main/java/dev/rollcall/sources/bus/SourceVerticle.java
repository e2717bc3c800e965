package dev.rollcall.sources.bus;

import dev.rollcall.config.sources.HttpTarget;
import dev.rollcall.config.sources.SourceSettings;
import dev.rollcall.sources.LocalSources;
import dev.rollcall.sources.Source;
import dev.rollcall.sources.SourceRequest;
import dev.rollcall.sources.http.HttpSource;
import dev.rollcall.sources.http.TokenedSource;
import dev.rollcall.sources.tokens.ClientToken;
import dev.rollcall.wire.Addresses;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Serves one source of this node on one event loop: to this process by reference, at an address of
 * that loop; to others in JSON, at the address that all owners of the source share.
 */
public final class SourceVerticle extends VerticleBase {
  private final SourceSettings settings;
  private final LocalSources local;
  private final List<MessageConsumer<?>> consumers = new ArrayList<>();
  private @Nullable Source source;

  public SourceVerticle(SourceSettings settings, LocalSources local) {
    this.settings = settings;
    this.local = local;
  }

  @Override
  public Future<?> start() {
    LocalCodec.register(vertx);
    Source source = open();
    WireExchanges wire = new WireExchanges(vertx, settings, source, local.tracing());
    this.source = source;
    EventBus bus = vertx.eventBus();
    String name = settings.name();
    consumers.add(
        bus.<SourceRequest>localConsumer(
            Addresses.source(name, LocalSources.loop()), message -> serve(source, message)));
    consumers.add(bus.<Object>consumer(Addresses.source(name), wire::serve));
    consumers.add(bus.<Object>consumer(Addresses.CANCEL, wire::cancel));
    return Future.all(consumers.stream().map(MessageConsumer::completion).toList())
        .onSuccess(registered -> local.serve(name));
  }

  /** The source itself, by its kind. */
  private Source open() {
    if (settings.target() instanceof HttpTarget http) {
      HttpSource source = new HttpSource(vertx, settings, http, local.pauses(settings));
      ClientToken token = local.token(vertx, settings, http);
      return token == null ? source : new TokenedSource(vertx, settings, source, token);
    }
    throw new IllegalArgumentException("others serve " + settings.name());
  }

  private static void serve(Source source, Message<SourceRequest> message) {
    source.ask(message.body(), 0).onSuccess(message::reply);
  }

  /** Stops serving and cancels what is under way: callers have other owners, or retry. */
  @Override
  public Future<?> stop() {
    local.leave(settings.name());
    Future<?> left = Future.join(consumers.stream().map(MessageConsumer::unregister).toList());
    return left.transform(ended -> source == null ? Future.succeededFuture() : source.close());
  }
}
