package dev.rollcall.bus;

import dev.rollcall.config.Settings;
import dev.rollcall.jobs.Jobs;
import dev.rollcall.operations.Resources;
import dev.rollcall.sources.Views;
import dev.rollcall.users.Users;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Serves users, views and jobs over the event bus, on one event loop. Any number of instances, here
 * and on other nodes, share the addresses, and the bus takes them in turn.
 *
 * <p>Stopping takes no new message, and lets those that are at work finish, for {@code
 * shutdown.drain} at most.
 */
public final class BusVerticle extends VerticleBase {

  private final Settings settings;
  private final Users users;
  private final Views views;
  private final Optional<Jobs> jobs;
  private final BusGate gate;
  private @Nullable Desk desk;

  /**
   * An instance that does not serve yet.
   *
   * @param settings of which it uses {@code http.bodyLimit} and {@code shutdown}
   * @param jobs none where they are kept by other nodes
   * @param gate one for all instances
   */
  public BusVerticle(
      Settings settings, Users users, Views views, Optional<Jobs> jobs, BusGate gate) {
    this.settings = settings;
    this.users = users;
    this.views = views;
    this.jobs = jobs;
    this.gate = gate;
  }

  @Override
  public Future<?> start() {
    Desk made = new Desk(vertx, gate);
    desk = made;
    Resources resources = new Resources(users, views, jobs);
    return made.serve(new OperationCalls(resources, settings.http().bodyLimit()).table());
  }

  @Override
  public Future<?> stop() {
    return desk == null ? Future.succeededFuture() : desk.leave(settings.shutdown().drain());
  }
}
