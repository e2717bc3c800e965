package dev.rollcall.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.users.Awaiting;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A database that takes a connection and does not answer. */
@Tag("slow")
class PostgresConnectorTest {

  private final Vertx vertx = Vertx.vertx();
  private final Promise<NetSocket> accepted = Promise.promise();
  private final NetServer silent =
      Awaiting.await(
          vertx.createNetServer().connectHandler(accepted::tryComplete).listen(0, "127.0.0.1"));
  private final PostgresConnector connector =
      new PostgresConnector(
          vertx,
          PostgresServer.settings("postgresql://u:p@127.0.0.1:" + silent.actualPort() + "/d"));

  @AfterEach
  void closeVertx() {
    Awaiting.await(vertx.close());
  }

  @Test
  void closesOnceNothingIsBeingOpenedAnyMore() {
    Future<?> opening = connector.connect(connector.context(), "SELECT 1");
    NetSocket socket = Awaiting.await(accepted.future());
    Future<Boolean> failedByThen =
        vertx.executeBlocking(
            () -> {
              connector.close();
              return opening.failed();
            });
    assertThat(failedByThen.isComplete()).isFalse();
    Awaiting.await(socket.close());
    assertThat(Awaiting.await(failedByThen)).isTrue();
  }

  @Test
  void opensNothingOnceItIsClosed() {
    connector.close();
    Future<?> opening = connector.connect(connector.context(), "SELECT 1");
    assertThat(opening.cause()).isInstanceOf(PostgresFault.class).hasMessageContaining("closing");
    assertThat(accepted.future().isComplete()).isFalse();
  }
}
