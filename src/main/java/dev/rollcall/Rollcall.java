package dev.rollcall;

import dev.rollcall.config.Settings;
import io.vertx.core.Future;

/** The running service. */
public final class Rollcall {
  private Rollcall() {}

  /** Starts every part, and gives the service once all of them answer. */
  public static Future<Rollcall> start(Settings settings) {
    return Future.succeededFuture(new Rollcall());
  }

  /** The port that serves users. */
  public int httpPort() {
    return 0;
  }

  /** The port that serves operators. */
  public int managementPort() {
    return 0;
  }

  /** Drains and closes every part, in reverse. */
  public Future<Void> close() {
    return Future.succeededFuture();
  }
}
