package dev.rollcall.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No message is dropped, and none that is at fault does anything. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BusContractTest {

  private BusServer server;
  private long position;

  @BeforeAll
  void start(@TempDir Path folder) {
    server =
        new BusServer(
            folder, "sources.account.address=test.account", "views.profile.sources=account");
    server
        .vertx
        .eventBus()
        .<JsonObject>consumer("test.account", question -> question.reply(new JsonObject()));
    server.call("rollcall.users.put", new JsonObject().put("id", 1).put("name", "A"));
    position = server.store.position();
  }

  @AfterAll
  void stop() throws IOException {
    server.close();
  }

  static Stream<BadMessage> bad() {
    return BadMessage.all();
  }

  @ParameterizedTest
  @MethodSource("bad")
  void aBadMessageIsRefusedAndDoesNothing(BadMessage bad) {
    String failure = BusServer.failure(server.ask(bad.address(), bad.body(), bad.headers()));
    assertThat(failure).startsWith(bad.failure());
    assertThat(server.limits.inFlight()).isZero();
    assertThat(server.store.position()).isEqualTo(position);
    server.eachMessageHadOneReply();
  }

  @Test
  void allFaultsAreToldAtOnceWithTheirPlaces() {
    JsonObject draft = new JsonObject().put("name", " ").put("email", "no").put("x", 1);
    assertThat(server.failure("rollcall.users.create", draft, Map.of()))
        .isEqualTo(
            "400 /x: unknown member; /name: must not be empty or blank;"
                + " /email: is not an e-mail address, like alice@example.org");
  }
}
