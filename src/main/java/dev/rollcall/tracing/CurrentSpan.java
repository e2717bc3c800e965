package dev.rollcall.tracing;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxBootstrap;
import io.vertx.core.spi.VertxServiceProvider;
import io.vertx.core.spi.context.storage.ContextLocal;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The span of the request that a context of Vert.x serves. Each request has a context of its own,
 * which goes along through its futures and handlers.
 *
 * <p>Vert.x makes it before its first context, where it finds what each of them has to have room
 * for.
 */
public final class CurrentSpan implements VertxServiceProvider {

  private static final ContextLocal<TraceSpan> LOCAL = ContextLocal.registerLocal(TraceSpan.class);

  @Override
  public void init(VertxBootstrap bootstrap) {
    // To be loaded is enough.
  }

  /** The current context serves a request with this span. */
  public static void set(TraceSpan span) {
    // A context that several requests have in common would mix them up.
    if (Vertx.currentContext() instanceof ContextInternal context && context.isDuplicate()) {
      context.putLocal(LOCAL, span);
    }
  }

  /** The span that a context serves; null where there is none. */
  public static @Nullable TraceSpan of(Context context) {
    return context.getLocal(LOCAL);
  }

  /** Calls with the name and value of each header that passes on that of the current context. */
  public static void passOn(BiConsumer<String, String> header) {
    Context context = Vertx.currentContext();
    TraceSpan span = context == null ? null : of(context);
    if (span != null) {
      span.context().forEach(header);
    }
  }
}
