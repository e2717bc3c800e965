package dev.rollcall.store.remote;

import static dev.rollcall.users.Awaiting.await;
import static dev.rollcall.users.Awaiting.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.followers.erasures.Erasures;
import dev.rollcall.store.remote.OwnerCall.Work;
import dev.rollcall.users.StoreHarness;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserWrite;
import dev.rollcall.wire.Addresses.Kept;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The erasures of another node's store. */
class RemoteErasuresTest {
  private @TempDir Path folder = Path.of("");
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @Test
  void anOwnerIsAskedForThem() {
    RemoteHarness harness = new RemoteHarness(folder);
    RemoteStore store = (RemoteStore) harness.start(vertx, StoreHarness.Limits.WIDE);
    Erasures erasures = store.tables().erasures();
    UserDraft draft = new UserDraft(7L, "Ada", null, "{}");
    await(store.write(new UserWrite.Create(draft, null)));
    JsonNode begun = await(erasures.start(7, "key:1"));
    assertThat(begun.path("by").asText()).isEqualTo("key:1");
    assertThat(begun.path("targets").path(0).path("name").asText()).isEqualTo("account");
    assertThat(await(erasures.start(7, null))).isEqualTo(begun);
    assertThat(await(erasures.get(1))).isEqualTo(begun);
    assertThat(await(erasures.receipt(1)).split("\\.", -1)).hasSize(3);
    assertThat(await(store.find(7, new Cancellation()))).isEmpty();
    Failure made = failureOf(store.write(new UserWrite.Create(draft, null)));
    assertThat(made.kind()).isEqualTo(Kind.CONFLICT);
    assertThat(made.detail()).contains("/erasures/1;");
    assertThat(failureOf(erasures.start(8, null)).kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(failureOf(erasures.get(2)).kind()).isEqualTo(Kind.NOT_FOUND);
    harness.stop();
  }

  @Test
  void withoutAnOwnerThatIsNewEnoughThereAreNone() {
    Erasures erasures =
        new RemoteErasures(
            new NamedCalls(
                vertx.eventBus(),
                new OwnerRegistry(),
                Work.read(Kept.ERASURES),
                Work.write(Kept.ERASURES)));
    assertThat(failureOf(erasures.get(1)).kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failureOf(erasures.start(1, null)).detail()).startsWith("not written: ");
  }
}
