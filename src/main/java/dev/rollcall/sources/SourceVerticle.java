package dev.rollcall.sources;

import dev.rollcall.config.SourceSettings;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/** Serves one source that is asked over HTTP, on one event loop. */
public final class SourceVerticle extends VerticleBase {

  /** An instance that does not serve yet. */
  public SourceVerticle(SourceSettings settings, LocalSources local) {}

  @Override
  public Future<?> start() {
    return Future.succeededFuture();
  }
}
