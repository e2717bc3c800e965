package dev.rollcall.store.sqlite;

import static dev.rollcall.users.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Cancellation;
import dev.rollcall.store.Published;
import dev.rollcall.users.Precondition;
import dev.rollcall.users.User;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserQuery;
import dev.rollcall.users.UserWrite;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a reader sees in the file before the cache was told of it. */
class ReadSessionTest {

  private @TempDir Path folder = Path.of("");

  private Path file() {
    return folder.resolve("users.db");
  }

  /** User 1 by seq 1; user 2 by seq 2, deleted by seq 3. */
  @BeforeEach
  void threeChanges() throws Exception {
    Vertx vertx = Vertx.vertx();
    SqliteStore.Options options =
        new SqliteStore.Options(file(), 1, 10, 0, 1000, Duration.ofDays(1), Long.MAX_VALUE);
    try (SqliteStore store = SqliteStore.open(vertx, options, new SimpleMeterRegistry())) {
      UserDraft draft = new UserDraft(null, "A", null, "{}");
      await(
          store.writeAll(
              List.of(
                  new UserWrite.Create(draft, null),
                  new UserWrite.Create(draft, null),
                  new UserWrite.Delete(2, Precondition.NONE, null))));
    }
    await(vertx.close());
  }

  private <T> T whatComesOncePublished(ReadPool.Query<T> query, long before, long needed)
      throws Exception {
    Published published = new Published(before);
    try (SqliteFile file = SqliteFile.open(file())) {
      ReadSession session = new ReadSession(file, published);
      FutureTask<T> answer = new FutureTask<>(() -> query.run(session));
      Thread reader = new Thread(answer);
      reader.start();
      Awaitility.await().until(() -> reader.getState() == Thread.State.TIMED_WAITING);
      assertThat(answer.isDone()).isFalse();
      published.advance(needed);
      try {
        return answer.get(30, TimeUnit.SECONDS);
      } finally {
        session.reset();
      }
    }
  }

  @Test
  void aUserIsNotShownBeforeTheCacheHasIt() throws Exception {
    User user = whatComesOncePublished(session -> session.find(1), 0, 1);
    assertThat(user.seq()).isEqualTo(1);
  }

  @Test
  void manyUsersAreNotShownBeforeTheCacheHasThem() throws Exception {
    Map<Long, User> found = whatComesOncePublished(session -> session.find(new long[] {1}), 0, 1);
    assertThat(found).containsOnlyKeys(1L);
  }

  @Test
  void aDeletionAmongManyUsersIsNotShownBeforeTheCacheHasIt() throws Exception {
    Map<Long, User> found =
        whatComesOncePublished(session -> session.find(new long[] {2, 1, 7}), 2, 3);
    assertThat(found).containsOnlyKeys(1L).containsEntry(1L, found.get(1L));
  }

  /** More than one statement takes, some of them twice, and some who do not exist. */
  @Test
  void usersThatAnEventLoopMissesInOneTurnAreAllAnswered() throws Exception {
    Vertx vertx = Vertx.vertx();
    SqliteStore.Options options =
        new SqliteStore.Options(file(), 2, 100, 0, 1000, Duration.ofDays(1), Long.MAX_VALUE);
    try (SqliteStore store = SqliteStore.open(vertx, options, new SimpleMeterRegistry())) {
      Promise<List<Future<Optional<User>>>> asked = Promise.promise();
      vertx
          .getOrCreateContext()
          .runOnContext(
              turn ->
                  asked.complete(
                      LongStream.rangeClosed(1, 100)
                          .mapToObj(id -> store.find(id, new Cancellation()))
                          .toList()));
      List<Future<Optional<User>>> answers = await(asked.future());
      await(Future.join(answers));
      assertThat(answers.get(0).result()).map(User::name).hasValue("A");
      assertThat(answers.subList(1, 100)).allMatch(answer -> answer.result().isEmpty());
    }
    await(vertx.close());
  }

  @Test
  void aDeletionIsNotShownBeforeTheCacheHasIt() throws Exception {
    boolean gone = whatComesOncePublished(session -> session.find(2) == null, 2, 3);
    assertThat(gone).isTrue();
  }

  @Test
  void listsAndTheFeedShowNothingBeforeTheCacheHasIt() throws Exception {
    assertThat(whatComesOncePublished(s -> s.list(UserQuery.all(0, 10)), 2, 3).items()).hasSize(1);
    assertThat(whatComesOncePublished(s -> s.changes(0, 10), 2, 3).items()).hasSize(3);
  }

  @Test
  void aUserWhomTheCacheHasIsShownAtOnce() throws Exception {
    try (SqliteFile file = SqliteFile.open(file())) {
      ReadSession session = new ReadSession(file, new Published(1));
      assertThat(session.find(1)).isNotNull();
      session.probe();
      session.reset();
    }
  }
}
