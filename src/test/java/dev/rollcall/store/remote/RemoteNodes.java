package dev.rollcall.store.remote;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.budgets.InboundBudgets;
import dev.rollcall.budgets.OutboundBudgets;
import dev.rollcall.bus.BusLimits;
import dev.rollcall.bus.StoreVerticle;
import dev.rollcall.config.BusSettings;
import dev.rollcall.config.Settings;
import dev.rollcall.store.sqlite.SqliteStore;
import dev.rollcall.users.Awaiting;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserStore;
import dev.rollcall.users.UserWrite;
import dev.rollcall.wire.Addresses;
import dev.rollcall.wire.StrictJson;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that hold the store, real and made-up ones, and one that has none and asks them. */
abstract class RemoteNodes {

  private static final BusSettings SETTINGS = Settings.of("bus.inFlightLimit=1000").bus();
  protected static final UserDraft DRAFT = new UserDraft(null, "A", null, "{}");
  protected static final UserWrite CREATION = new UserWrite.Create(DRAFT, null);

  protected final Vertx vertx = Vertx.vertx();

  /** What the made-up node was asked, in its order. */
  protected final Queue<JsonNode> asked = new ConcurrentLinkedQueue<>();

  protected SqliteStore sqlite;

  @BeforeEach
  final void openStore(@TempDir Path folder) {
    sqlite =
        SqliteStore.open(
            vertx,
            new SqliteStore.Options(
                folder.resolve("users.db"),
                2,
                1000,
                0,
                1 << 20,
                Duration.ofDays(1),
                Long.MAX_VALUE),
            new SimpleMeterRegistry());
  }

  @AfterEach
  final void closeStore() throws IOException {
    sqlite.close();
    Awaiting.await(vertx.close());
  }

  protected final String deploy(UserStore store) {
    BusLimits limits =
        new BusLimits(
            SETTINGS,
            OutboundBudgets.roomy(),
            InboundBudgets.roomy(),
            new SimpleMeterRegistry(),
            null);
    return Awaiting.await(
        vertx.deployVerticle(
            new StoreVerticle(
                store,
                sqlite.tables().keys(),
                sqlite.tables().cursors(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true,
                limits,
                Duration.ofSeconds(1))));
  }

  protected final RemoteStore open() {
    return Awaiting.await(RemoteStore.open(vertx, Duration.ofSeconds(20)));
  }

  /** A node that says that it has the store, and does with a call what a test wants. */
  protected final void pretend(String node, Consumer<Message<Object>> answer) {
    for (String address : List.of(Addresses.USERS_READ, Addresses.USERS_WRITE)) {
      Awaiting.await(
          vertx
              .eventBus()
              .<Object>consumer(
                  Addresses.at(node, address),
                  message -> {
                    asked.add(StrictJson.read(((Buffer) message.body()).getBytes()));
                    answer.accept(message);
                  })
              .completion());
    }
    announce(node);
    vertx.setPeriodic(20, turn -> announce(node));
  }

  protected final void announce(String node) {
    vertx
        .eventBus()
        .publish(Addresses.USERS_OWNER, new JsonObject().put("node", node).put("position", 0));
  }

  protected static Failure unavailable(Future<?> answer) {
    Failure failure = Awaiting.failureOf(answer);
    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    return failure;
  }
}
