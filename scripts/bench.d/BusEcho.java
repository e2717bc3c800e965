import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The floor of the event bus: reads what it is asked, and replies one user whatever that is. */
final class BusEcho extends VerticleBase {

  /** Where it is asked, unless it stands in for Rollcall. */
  static final String ADDRESS = "bench.echo";

  private final String address;
  private final JsonObject user;

  BusEcho(String address, JsonObject user) {
    this.address = address;
    this.user = user;
  }

  /** One that replies what stands in a file. */
  static BusEcho of(String address, String file) throws IOException {
    return new BusEcho(address, new JsonObject(Files.readString(Path.of(file))));
  }

  @Override
  public Future<?> start() {
    return vertx.eventBus().<JsonObject>consumer(address, this::answer).completion();
  }

  private void answer(Message<JsonObject> question) {
    if (question.body().getLong("id") == null) {
      question.fail(400, "an id is expected");
    } else {
      question.reply(user);
    }
  }
}
