package dev.rollcall.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.access.KeyHash;
import dev.rollcall.access.sessions.EndedSession;
import dev.rollcall.access.sessions.SessionStore;
import dev.rollcall.access.sessions.SessionStoreContract;
import dev.rollcall.access.sessions.StoredSession;
import dev.rollcall.users.StoreHarness;
import dev.rollcall.users.UserStore;
import dev.rollcall.users.UserWrite;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The contract of all stores of sessions, kept by PostgreSQL; and what several nodes add to it. */
@Tag("slow")
class PostgresSessionsTest extends SessionStoreContract {

  @Override
  protected StoreHarness harness(Path folder) {
    return new PostgresHarness(true);
  }

  @Override
  protected SessionStore sessions(UserStore store) {
    return ((PostgresStore) store).tables().sessions();
  }

  @Test
  void aSessionThatBeginsWhileThePasswordChangesIsRefusedOrEnded() {
    Vertx vertx = Vertx.vertx();
    PostgresHarness other = new PostgresHarness(false);
    UserStore theirs = other.start(vertx, StoreHarness.Limits.WIDE);
    try {
      String hash = "$argon2id$one";
      Instant now = Instant.now();
      for (int round = 0; round < 20; round++) {
        List<UUID> wanted = new ArrayList<>();
        List<Future<Boolean>> begun = new ArrayList<>();
        Future<?> changed = Future.succeededFuture();
        String next = "$argon2id$round " + round;
        for (int i = 0; i < 6; i++) {
          if (i == round % 6) {
            changed = theirs.write(new UserWrite.SetPassword(7, next, null));
          }
          UUID id = UUID.randomUUID();
          wanted.add(id);
          StoredSession session =
              new StoredSession(
                  id,
                  7,
                  0,
                  KeyHash.of(id.toString()),
                  now,
                  now,
                  now.plusSeconds(600),
                  now.plusSeconds(60));
          begun.add(sessions.start(session, hash));
        }
        await(Future.all(begun));
        await(changed);
        Set<UUID> ended = new HashSet<>();
        await(sessions.updates(0)).ended().stream().map(EndedSession::id).forEach(ended::add);
        for (int i = 0; i < wanted.size(); i++) {
          assertThat(ended.contains(wanted.get(i))).isEqualTo(begun.get(i).result());
        }
        hash = next;
      }
    } finally {
      other.stop();
      await(vertx.close());
    }
  }
}
