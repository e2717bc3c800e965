package dev.rollcall.cluster;

import dev.rollcall.config.Settings;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.transport.Transport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the Vert.x that all parts of this process run on. */
public final class Node {

  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  private Node() {}

  /**
   * A Vert.x of its own, which knows of no other.
   *
   * @throws IllegalStateException when the machine lacks the transport that is asked for; the
   *     message is for the operator
   */
  public static Vertx alone(Settings.Deploy deploy) {
    return builder(deploy).build();
  }

  private static VertxBuilder builder(Settings.Deploy deploy) {
    Transport transport = Transports.choose(deploy.transport());
    LOG.debug("event loops use {}", transport.name());
    VertxOptions options =
        new VertxOptions()
            .setEventLoopPoolSize(deploy.eventLoops())
            // Nothing is served from files, so no cache folder has to be written.
            .setFileSystemOptions(
                new FileSystemOptions()
                    .setFileCachingEnabled(false)
                    .setClassPathResolvingEnabled(false));
    return Vertx.builder().with(options).withTransport(transport);
  }
}
