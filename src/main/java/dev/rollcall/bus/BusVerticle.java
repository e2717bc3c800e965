package dev.rollcall.bus;

import dev.rollcall.config.Settings;
import dev.rollcall.operations.Resources;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import org.jspecify.annotations.Nullable;

/**
 * Serves users, views and jobs over the event bus, on one event loop. Any number of instances, here
 * and on other nodes, share the addresses, and the bus takes them in turn.
 *
 * <p>Stopping receives no new message, and lets calls that are under way finish, for {@code
 * shutdown.drain} at most.
 */
public final class BusVerticle extends VerticleBase {

  private final Settings settings;
  private final Resources resources;
  private final BusLimits limits;
  private @Nullable MessageServer server;

  /**
   * An instance that does not serve yet.
   *
   * @param settings of which it uses {@code http.bodyLimit} and {@code shutdown}
   */
  public BusVerticle(Settings settings, Resources resources, BusLimits limits) {
    this.settings = settings;
    this.resources = resources;
    this.limits = limits;
  }

  @Override
  public Future<?> start() {
    MessageServer made = new MessageServer(vertx, limits);
    server = made;
    return made.serve(ServedOperation.table(resources, settings.http().bodyLimit()));
  }

  @Override
  public Future<?> stop() {
    if (server == null) {
      return Future.succeededFuture();
    }
    Future<Void> left = server.leave(settings.shutdown().drain());
    resources.cursors().watch().endWaiting();
    return left;
  }
}
