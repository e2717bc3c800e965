package example;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Rollcall's users for a member of its cluster: Example [HOST:PORT of a member]. */
public final class Example {

  private static final long NOBODY = (1L << 53) - 1;

  private final Vertx vertx;
  private final BlockingQueue<JsonObject> changes = new LinkedBlockingQueue<>();

  private Example(Vertx vertx) {
    this.vertx = vertx;
  }

  public static void main(String[] args) throws InterruptedException {
    Vertx vertx = Member.join(args.length == 0 ? "127.0.0.1:5701" : args[0]).await();
    try {
      new Example(vertx).run();
    } finally {
      vertx.close().await();
    }
  }

  private void run() throws InterruptedException {
    long alice = createAndRead();
    serveSource(alice);

    Follower follower = new Follower(0, changes::add);
    String deployed = vertx.deployVerticle(follower).await();
    changes.clear();
    System.out.println("following the changes after " + follower.seen());
    JsonObject name = new JsonObject().put("name", "Alice B.");
    ask("rollcall.users.patch", id(alice).put("patch", name));
    see("updated", alice);

    vertx.undeploy(deployed).await();
    System.out.println("away");
    ask("rollcall.users.create", new JsonObject().put("name", "Bob"));
    ask("rollcall.users.delete", id(alice));
    System.out.println("meanwhile Bob came and Alice left");

    System.out.println("back, catching up from " + follower.seen());
    vertx.deployVerticle(new Follower(follower.seen(), changes::add)).await();
    see("deleted", alice);
    System.out.println("caught up");
  }

  private long createAndRead() {
    long alice =
        ask("rollcall.users.create", new JsonObject().put("name", "Alice")).body().getLong("id");
    System.out.println("created Alice as user " + alice);
    Message<JsonObject> user = ask("rollcall.users.get", id(alice));
    System.out.println(
        "read " + user.body().getString("name") + ", etag " + user.headers().get("etag"));
    try {
      ask("rollcall.users.get", id(NOBODY));
    } catch (ReplyException failure) {
      System.out.println(
          "failed as expected: " + failure.failureCode() + " " + failure.getMessage());
    }
    return alice;
  }

  /** Owns the address of a source, and asks for the view that needs it. */
  private void serveSource(long id) {
    vertx
        .eventBus()
        .<JsonObject>consumer(
            "loyalty.by-user",
            question ->
                question.reply(new JsonObject().put("points", question.body().getLong("id") * 10)))
        .completion()
        .await();
    JsonObject view = ask("rollcall.views.fetch", id(id).put("view", "loyalty")).body();
    JsonObject answer = view.getJsonObject("sources").getJsonObject("loyalty");
    System.out.println(
        "view loyalty: " + answer.getString("status") + " " + answer.getValue("value"));
  }

  /** Shows the changes until there is one of that kind. */
  private void see(String kind, long id) throws InterruptedException {
    JsonObject change;
    do {
      change = changes.poll(30, TimeUnit.SECONDS);
      if (change == null) {
        throw new IllegalStateException("no change was told of");
      }
      System.out.println(
          String.format(
              Locale.ROOT,
              "change %d: %s user %d",
              change.getLong("seq"),
              change.getString("kind"),
              change.getLong("id")));
    } while (!(change.getString("kind").equals(kind) && change.getLong("id") == id));
  }

  private Message<JsonObject> ask(String address, JsonObject body) {
    return vertx.eventBus().<JsonObject>request(address, body).await();
  }

  private static JsonObject id(long id) {
    return new JsonObject().put("id", id);
  }
}
