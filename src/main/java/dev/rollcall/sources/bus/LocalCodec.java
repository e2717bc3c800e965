package dev.rollcall.sources.bus;

import dev.rollcall.sources.SourceReply;
import dev.rollcall.sources.SourceRequest;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;

/** Passes an immutable record by reference within this process. */
final class LocalCodec<T> implements MessageCodec<T, T> {
  private final String name;

  private LocalCodec(Class<T> type) {
    this.name = type.getName();
  }

  /** Has the event bus carry requests to sources and their replies. May be called again. */
  static void register(Vertx vertx) {
    register(vertx.eventBus(), SourceRequest.class);
    register(vertx.eventBus(), SourceReply.class);
  }

  private static <T> void register(EventBus bus, Class<T> type) {
    try {
      bus.registerDefaultCodec(type, new LocalCodec<>(type));
    } catch (IllegalStateException e) {
      // It is registered already; the bus can't be asked beforehand.
    }
  }

  @Override
  public T transform(T message) {
    return message;
  }

  @Override
  public void encodeToWire(Buffer buffer, T message) {
    throw new UnsupportedOperationException("a record stays in its process");
  }

  @Override
  public T decodeFromWire(int position, Buffer buffer) {
    throw new UnsupportedOperationException("a record stays in its process");
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public byte systemCodecID() {
    return -1;
  }
}
