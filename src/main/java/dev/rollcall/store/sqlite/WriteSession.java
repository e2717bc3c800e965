package dev.rollcall.store.sqlite;

import dev.rollcall.base.Failure;
import dev.rollcall.store.FeedSize;
import dev.rollcall.store.RecordedWrite;
import dev.rollcall.store.WriteApplication;
import dev.rollcall.store.erasures.ErasureTables;
import dev.rollcall.store.statements.JdbcStatements;
import dev.rollcall.store.tables.SessionTables;
import dev.rollcall.users.Change;
import dev.rollcall.users.User;
import dev.rollcall.users.UserWrite;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The writer's connection: carries out writes in transactions.
 *
 * <p>Used by one thread. A {@link Failure} of a single write leaves the transaction good. After an
 * {@link SQLException} about the file the session is of no further use and must be closed, which
 * rolls back: after a full disk, for one, a prepared COMMIT stays broken.
 */
final class WriteSession extends WriteApplication<SQLException> implements AutoCloseable {
  /** A user as a write of this transaction left it; null for one that is gone. */
  record Effect(long id, @Nullable User user) {}

  private final SqliteFile file;
  private final Connection connection;
  private final Statement control;
  private final UserRows users;
  private final FeedRows feed;
  private final Counters counters;
  private final FeedSize size;
  private final List<Effect> effects = new ArrayList<>();
  private final JobRows jobs;

  /** The erasures that run, by user; null where it is to be read again. */
  private @Nullable Map<Long, Long> erasures;

  private boolean touched;
  private long committedSeq;

  /**
   * @param userLimit how many bytes a user may have as JSON, so that what was read can be sent back
   * @param size is told of the feed's size, now and after each transaction
   */
  WriteSession(SqliteFile file, int userLimit, FeedSize size) throws SQLException {
    super(userLimit);
    this.size = size;
    this.file = file;
    connection = file.writer();
    try {
      control = connection.createStatement();
      users = new UserRows(connection);
      feed = new FeedRows(connection);
      counters = new Counters(connection);
      jobs = new JobRows(this, connection);
      goOn(counters.lastSeq(), counters.nextId());
      committedSeq = lastSeq();
      size.is(counters.feedBytes());
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** The newest seq that is committed, as far as this session knows. */
  long committedSeq() {
    return committedSeq;
  }

  /** The tables of jobs, within its transactions. */
  JobRows jobs() {
    return jobs;
  }

  /** Statements about keys and sessions, within its transactions. */
  JdbcStatements keys() {
    return new JdbcStatements(connection, this::touched);
  }

  void begin() throws SQLException {
    control.execute("BEGIN IMMEDIATE");
  }

  /** Ends the transaction without writing. The numbers that it took stay unused. */
  void rollBack() throws SQLException {
    effects.clear();
    touched = false;
    erasures = null;
    counters.rolledBack();
    control.execute("ROLLBACK");
  }

  /**
   * Other tables than those of users are written to. It takes a seq, which no change has, so that a
   * commit of nothing else can be told from none.
   */
  void touched() {
    erasures = null;
    if (!touched) {
      touched = true;
      nextSeq();
    }
  }

  /**
   * Makes the transaction durable. When it throws, the outcome is open.
   *
   * @return whether there was anything to be written
   */
  boolean commit() throws SQLException {
    if (effects.isEmpty() && !touched) {
      rollBack(); // Nothing needs the disk.
      return false;
    }
    touched = false;
    counters.save(lastSeq(), nextId());
    control.execute("COMMIT");
    committedSeq = lastSeq();
    tellSize();
    file.committed(committedSeq, nextId());
    return true;
  }

  /** What the transaction changed, in order, and no more than once. */
  List<Effect> takeEffects() {
    List<Effect> taken = List.copyOf(effects);
    effects.clear();
    return taken;
  }

  /**
   * Prunes the feed in a transaction of its own.
   *
   * @return whether any change has gone
   */
  boolean prune(Instant before) throws SQLException {
    begin();
    FeedRows.Pruned pruned = feed.prune(before, size.excess());
    if (pruned.upTo() == 0) {
      rollBack();
      return false;
    }
    size.pruned(pruned.bytes());
    // What was counted is made good where all was seen: somebody may have had a hand in the table.
    counters.feedGrew(pruned.left() < 0 ? -pruned.bytes() : pruned.left() - counters.feedBytes());
    counters.save(lastSeq(), nextId());
    control.execute("COMMIT");
    tellSize();
    return true;
  }

  private void tellSize() {
    size.is(counters.feedBytes());
    size.appended(counters.committed());
  }

  @Override
  protected @Nullable RecordedWrite recorded(UUID op) throws SQLException {
    return feed.recorded(op);
  }

  @Override
  protected @Nullable User find(long id) throws SQLException {
    return users.find(id);
  }

  @Override
  protected boolean isUsed(long id) throws SQLException {
    return counters.isUsed(id);
  }

  /** Nobody else writes to the file, so that it is read once for many writes. */
  @Override
  protected @Nullable Long erasure(long id) throws SQLException {
    if (erasures == null) {
      Map<Long, Long> running = new HashMap<>();
      for (@Nullable Object[] row : JdbcStatements.rows(connection, ErasureTables.RUNNING)) {
        running.put((Long) row[0], (Long) row[1]);
      }
      erasures = running;
    }
    return erasures.get(id);
  }

  @Override
  protected void insert(User user) throws SQLException {
    users.insert(user);
  }

  @Override
  protected void update(User before, User user) throws SQLException {
    users.update(user);
  }

  @Override
  protected void delete(User user) throws SQLException {
    users.delete(user.id());
    SessionTables.endOf(keys(), user.id());
    counters.feedGrew(-feed.erase(user.id()));
  }

  @Override
  protected void retire(long id) throws SQLException {
    counters.retire(id);
  }

  @Override
  protected boolean setHash(User user, String hash, @Nullable String replaces) throws SQLException {
    boolean set = users.setHash(user.id(), hash, replaces);
    if (replaces == null) {
      SessionTables.endOf(keys(), user.id()); // It is another password, not another hash of it.
    }
    if (set) {
      effects.add(new Effect(user.id(), user));
    }
    return set;
  }

  @Override
  protected void append(Change change, @Nullable User left, UserWrite by) throws SQLException {
    feed.append(change, by);
    counters.feedGrew(FeedSize.of(change));
    effects.add(new Effect(change.id(), left));
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
