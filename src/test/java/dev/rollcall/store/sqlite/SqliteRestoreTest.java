package dev.rollcall.store.sqlite;

import static dev.rollcall.users.Awaiting.await;
import static dev.rollcall.users.Awaiting.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.jobs.Claim;
import dev.rollcall.jobs.IdList;
import dev.rollcall.jobs.Job;
import dev.rollcall.jobs.JobEntry;
import dev.rollcall.jobs.JobResult;
import dev.rollcall.jobs.JobSpec;
import dev.rollcall.jobs.JobStore;
import dev.rollcall.jobs.NewJob;
import dev.rollcall.jobs.Owner;
import dev.rollcall.users.Change;
import dev.rollcall.users.ChangePage;
import dev.rollcall.users.Precondition;
import dev.rollcall.users.User;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserWrite;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/**
 * What clients keep of a time that a restore took back is never taken for something else: positions
 * in the feed, tags, ids. And what is no restore changes none of them.
 */
class SqliteRestoreTest extends SqliteFiles {

  private Path live() {
    return folder.resolve("users.db");
  }

  private static User create(SqliteStore store, String name) {
    return await(store.write(new UserWrite.Create(new UserDraft(null, name, null, "{}"), null)))
        .user();
  }

  private static void fill(SqliteStore store, int users) {
    for (int i = 0; i < users; i++) {
      create(store, "A");
    }
  }

  /** The numbers of a time that is lost, as clients keep them. */
  private record Lost(long base, List<User> users) {

    static Lost of(SqliteStore store, int writes) {
      long base = store.position();
      return new Lost(base, Stream.generate(() -> create(store, "Lost")).limit(writes).toList());
    }

    long last() {
      return users.get(users.size() - 1).seq();
    }
  }

  private static void assertGone(SqliteStore store, long after) {
    assertThat(failureOf(store.changes(after, 10, new Cancellation())).kind())
        .as("after %d", after)
        .isEqualTo(Kind.GONE);
    assertThat(failureOf(store.changes(after, 10, new Cancellation())).detail()).contains("export");
  }

  /** None of what was given out in the lost time means anything, before and after new writes. */
  private static void assertForgotten(SqliteStore store, Lost lost) {
    for (int round = 0; round < 3; round++) {
      assertThat(await(store.changes(lost.base, 10, new Cancellation())).items()).hasSize(round);
      lost.users.forEach(user -> assertGone(store, user.seq()));
      assertGone(store, Long.MAX_VALUE >> 10);
      long position = store.position();
      assertThat(await(store.changes(position, 10, new Cancellation())))
          .isEqualTo(new ChangePage(List.of(), position));
      User next = create(store, "New " + round);
      assertThat(next.seq()).isGreaterThan(lost.last()).isLessThan(1L << 53);
      assertThat(lost.users).extracting(User::id).doesNotContain(next.id());
      assertThat(lost.users).extracting(User::seq).doesNotContain(next.seq());
      assertThat(await(store.changes(position, 10, new Cancellation())).items())
          .extracting(Change::seq)
          .containsExactly(next.seq());
    }
  }

  private Path backUp(SqliteStore store) {
    return await(store.backup(folder.resolve("backups"), 7).run()).path();
  }

  private static void replace(Path with, Path path) throws IOException {
    for (String suffix : List.of("-wal", "-shm")) {
      Files.deleteIfExists(path.resolveSibling(path.getFileName() + suffix));
    }
    Files.copy(with, path, StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void aBackupThatIsStartedOnForgetsTheTimeAfterIt() throws IOException {
    Path copy;
    Lost lost;
    try (SqliteStore store = open(live())) {
      fill(store, 5);
      copy = backUp(store);
      lost = Lost.of(store, 4);
    }
    try (SqliteStore restored = open(copy)) {
      assertForgotten(restored, lost);
    }
  }

  @Test
  void aBackupThatReplacesTheFileForgetsTheTimeAfterIt() throws IOException {
    Path copy;
    Lost lost;
    try (SqliteStore store = open(live())) {
      fill(store, 5);
      copy = backUp(store);
      lost = Lost.of(store, 4);
    }
    replace(copy, live());
    try (SqliteStore restored = open(live())) {
      assertForgotten(restored, lost);
    }
  }

  /** Twice from one copy: the second epoch must not repeat the numbers of the first. */
  @Test
  void theSameBackupCanBeGoneBackToAgain() throws IOException {
    Path copy;
    try (SqliteStore store = open(live())) {
      fill(store, 5);
      copy = backUp(store);
    }
    List<Lost> lost = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      Path again = Files.createDirectory(folder.resolve("again" + round)).resolve("users.db");
      Files.copy(copy, again);
      try (SqliteStore restored = open(again)) {
        lost.forEach(time -> time.users().forEach(user -> assertGone(restored, user.seq())));
        lost.add(Lost.of(restored, 3));
      }
    }
    assertThat(lost.stream().flatMap(time -> time.users().stream()))
        .extracting(User::id)
        .doesNotHaveDuplicates();
    assertThat(lost.stream().flatMap(time -> time.users().stream()))
        .extracting(User::seq)
        .doesNotHaveDuplicates();
  }

  @Test
  void aFileThatWasSetAsideAndPutBackForgetsTheTimeBetween() throws IOException {
    Path aside = folder.resolve("aside.db");
    try (SqliteStore store = open(live())) {
      fill(store, 5);
    }
    Files.copy(live(), aside);
    Lost lost;
    try (SqliteStore store = open(live())) {
      lost = Lost.of(store, 4);
    }
    replace(aside, live());
    try (SqliteStore restored = open(live())) {
      assertForgotten(restored, lost);
    }
  }

  /** The lock file comes along, and says what the database says. */
  @Test
  void aWholeFolderThatWasSetAsideAndPutBackForgetsTheTimeBetween() throws IOException {
    Path data = Files.createDirectory(folder.resolve("data"));
    Path aside = folder.resolve("aside");
    try (SqliteStore store = open(data.resolve("users.db"))) {
      fill(store, 5);
    }
    copyFolder(data, aside);
    Lost lost;
    try (SqliteStore store = open(data.resolve("users.db"))) {
      lost = Lost.of(store, 4);
    }
    Files.move(data, folder.resolve("old"));
    copyFolder(aside, data);
    try (SqliteStore restored = open(data.resolve("users.db"))) {
      assertForgotten(restored, lost);
    }
  }

  private static void copyFolder(Path from, Path to) throws IOException {
    Files.createDirectory(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  @Test
  void aDatabaseThatIsGoneForgetsItsTime() throws IOException {
    Lost lost;
    try (SqliteStore store = open(live())) {
      lost = new Lost(0, Lost.of(store, 4).users());
    }
    Files.delete(live());
    try (SqliteStore fresh = open(live())) {
      assertForgotten(fresh, lost);
    }
  }

  @Test
  void aDatabaseWithoutItsLockFileBeginsAnEpochAndTakesNothingFromAnybody() throws IOException {
    List<Change> before;
    User last;
    try (SqliteStore store = open(live())) {
      fill(store, 5);
      last = create(store, "Last");
      before = await(store.changes(0, 100, new Cancellation())).items();
    }
    Files.delete(folder.resolve("users.db.lock"));
    try (SqliteStore store = open(live())) {
      assertThat(await(store.changes(0, 100, new Cancellation())).items()).isEqualTo(before);
      assertThat(await(store.changes(last.seq(), 100, new Cancellation())).items()).isEmpty();
      assertThat(await(store.find(last.id(), new Cancellation()))).contains(last);
      User next = create(store, "Next");
      assertThat(next.seq()).isGreaterThan(1L << 32).isLessThan(1L << 53);
      assertThat(next.id()).isGreaterThan(1L << 32).isLessThan(1L << 53);
      assertThat(await(store.changes(last.seq(), 100, new Cancellation())).items())
          .extracting(Change::seq)
          .containsExactly(next.seq());
    }
  }

  @Test
  void whatIsNoRestoreChangesNoNumbers() throws IOException {
    for (int round = 1; round <= 4; round++) {
      try (SqliteStore store = open(live())) {
        assertThat(create(store, "A").id()).isEqualTo(round);
        backUp(store);
      }
      Files.deleteIfExists(folder.resolve("users.db-wal"));
    }
    assertThat(epochs()).isZero();
  }

  private long epochs() {
    return ask("SELECT count(*) FROM epochs");
  }

  private long ask(String sql) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + live());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A process that dies between a commit and the mark leaves a mark that is behind. */
  @Test
  void aMarkThatIsBehindIsNoRestore() throws IOException {
    byte[] early;
    Path lock = folder.resolve("users.db.lock");
    try (SqliteStore store = open(live())) {
      fill(store, 2);
      early = Files.readAllBytes(lock);
      fill(store, 3);
    }
    Files.write(lock, early);
    try (SqliteStore store = open(live())) {
      assertThat(create(store, "A").id()).isEqualTo(6);
    }
    assertThat(epochs()).isZero();
  }

  /** One that dies between the beginning of an epoch and the mark begins another one. */
  @Test
  void anEpochThatIsCutOffWhileItBeginsIsBegunAgain() throws IOException {
    Path lock = folder.resolve("users.db.lock");
    Path copy;
    Lost lost;
    try (SqliteStore store = open(live())) {
      fill(store, 5);
      copy = backUp(store);
      lost = Lost.of(store, 4);
    }
    replace(copy, live());
    byte[] before = Files.readAllBytes(lock);
    open(live()).close();
    Files.write(lock, before);
    try (SqliteStore restored = open(live())) {
      assertForgotten(restored, lost);
    }
    assertThat(epochs()).isEqualTo(2);
  }

  @Test
  void aMarkThatIsDamagedIsNone() throws IOException {
    Path lock = folder.resolve("users.db.lock");
    Random random = new Random(5);
    for (int round = 0; round < 8; round++) {
      try (SqliteStore store = open(live())) {
        create(store, "A");
      }
      byte[] mark = Files.readAllBytes(lock);
      mark[random.nextInt(mark.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(lock, round == 0 ? new byte[] {1, 2, 3} : mark);
      long last = ask("SELECT last_seq FROM counters");
      open(live()).close();
      assertThat(epochs()).isEqualTo(round + 1L);
      assertThat(ask("SELECT last_seq FROM counters")).isGreaterThan(last);
    }
  }

  /** Files of the version before have neither ids nor marks; they are upgraded where they are. */
  @Test
  void aFileOfTheVersionBeforeGoesOnWhereItWas() throws IOException {
    Path lock = Files.createFile(folder.resolve("users.db.lock"));
    migrateTo("3");
    change("INSERT INTO users VALUES (7, 'A', x'61', NULL, NULL, '{}', 1, 1, 1, 5)");
    change("UPDATE counters SET last_seq = 5, next_id = 8");
    try (SqliteStore store = open(live())) {
      assertThat(create(store, "A").id()).isEqualTo(8);
    }
    assertThat(epochs()).isZero();
    assertThat(lock).isNotEmptyFile();
  }

  @Test
  void aBackupOfTheVersionBeforeBeginsAnEpoch() {
    migrateTo("3");
    change("INSERT INTO users VALUES (7, 'A', x'61', NULL, NULL, '{}', 1, 1, 1, 5)");
    change("UPDATE counters SET last_seq = 5, next_id = 8");
    open(live());
    assertThat(epochs()).isEqualTo(1);
  }

  private void migrateTo(String version) {
    Flyway.configure()
        .dataSource("jdbc:sqlite:" + live(), null, null)
        .locations("classpath:db/sqlite")
        .table("schema_history")
        .target(version)
        .load()
        .migrate();
  }

  private void change(String sql) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + live());
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aTagOfTheLostTimeMatchesNoState() throws IOException {
    Path copy;
    User lost;
    try (SqliteStore store = open(live())) {
      create(store, "A");
      copy = backUp(store);
      lost = await(store.write(naming(1, "Lost", Precondition.NONE))).user();
    }
    replace(copy, live());
    try (SqliteStore restored = open(live())) {
      for (int round = 0; round < 3; round++) {
        User written = await(restored.write(naming(1, "B" + round, Precondition.NONE))).user();
        assertThat(written.seq()).isNotEqualTo(lost.seq());
        Precondition stale = new Precondition(Set.of(lost.seq()), false, Set.of(), false);
        assertThat(failureOf(restored.write(naming(1, "C", stale))).kind())
            .isEqualTo(Kind.PRECONDITION_FAILED);
      }
    }
  }

  private static UserWrite naming(long id, String name, Precondition precondition) {
    return new UserWrite.Put(id, new UserDraft(id, name, null, "{}"), precondition, null);
  }

  /** What it did is lost with it, so it is to be done. */
  @Test
  void aWriteOfTheLostTimeThatIsRepeatedIsCarriedOut() throws IOException {
    UserWrite write = new UserWrite.Create(new UserDraft(null, "A", null, "{}"), UUID.randomUUID());
    Path copy;
    User lost;
    try (SqliteStore store = open(live())) {
      fill(store, 2);
      copy = backUp(store);
      lost = await(store.write(write)).user();
    }
    replace(copy, live());
    try (SqliteStore restored = open(live())) {
      User again = await(restored.write(write)).user();
      assertThat(again.id()).isNotEqualTo(lost.id());
      assertThat(await(restored.write(write)).user()).isEqualTo(again);
    }
  }

  /** The order of results after the copy is another one than in the lost time. */
  @Test
  void ofAJobThatRanOnInTheLostTimeNoResultIsMissedAndNoNumberGivenTwice() throws IOException {
    NewJob wanted =
        new NewJob(
            new JobSpec(JobSpec.Kind.FETCH, "profile", false, 1),
            IdList.of(11, 12, 13, 14),
            null,
            1,
            null,
            100);
    Path copy;
    Job first;
    Job lost;
    try (SqliteStore store = open(live())) {
      JobStore jobs = store.jobs();
      first = await(jobs.start(wanted));
      Claim claim = claim(jobs, "a");
      record(jobs, claim, 0);
      copy = backUp(store);
      record(jobs, claim, 3);
      assertThat(lines(jobs, first, 1)).containsExactly("{\"id\":14}");
      lost = await(jobs.start(wanted));
    }
    replace(copy, live());
    try (SqliteStore restored = open(live())) {
      JobStore jobs = restored.jobs();
      assertThat(await(jobs.start(wanted)).id()).isGreaterThan(lost.id());
      Claim claim = claim(jobs, "later");
      assertThat(claim.job().id()).isEqualTo(first.id());
      assertThat(record(jobs, claim, 1, 2, 3)).isTrue();
      assertThat(await(jobs.find(first.id(), new Cancellation())).orElseThrow().done())
          .isEqualTo(4);
      // Who had read two results, of the first and the last user, misses neither of the others.
      assertThat(lines(jobs, first, 2)).contains("{\"id\":12}", "{\"id\":13}");
      assertThat(ns(jobs, first)).doesNotHaveDuplicates().hasSize(4).isSorted().startsWith(1);
      assertThat(ns(jobs, first).get(1)).isGreaterThan(4);
    }
  }

  private static Claim claim(JobStore jobs, String process) {
    return await(jobs.claim(new Owner(process, 0), Duration.ofMillis(1))).orElseThrow();
  }

  private static boolean record(JobStore jobs, Claim claim, int... positions) {
    List<JobEntry> entries =
        Arrays.stream(positions)
            .mapToObj(
                at ->
                    new JobEntry(
                        at,
                        11 + at,
                        null,
                        new JobEntry.Result(false, Buffer.buffer("{\"id\":" + (11 + at) + "}"))))
            .toList();
    return await(jobs.record(claim, entries, 0, Duration.ofMillis(1))).isPresent();
  }

  private static List<Integer> ns(JobStore jobs, Job job) {
    return await(jobs.results(job.id(), 0, 10, new Cancellation())).stream()
        .map(JobResult::n)
        .toList();
  }

  private static List<String> lines(JobStore jobs, Job job, long after) {
    return await(jobs.results(job.id(), after, 10, new Cancellation())).stream()
        .map(result -> result.line().toString())
        .toList();
  }
}
