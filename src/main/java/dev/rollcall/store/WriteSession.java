package dev.rollcall.store;

import dev.rollcall.base.Failure;
import dev.rollcall.users.Change;
import dev.rollcall.users.Decision;
import dev.rollcall.users.SearchKey;
import dev.rollcall.users.User;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserWrite;
import dev.rollcall.users.WriteOutcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The writer's connection: carries out writes in transactions.
 *
 * <p>Used by one thread. A {@link Failure} of a single write leaves the transaction good. After an
 * {@link SQLException} the session is of no further use and must be closed, which rolls back: after
 * a full disk, for one, a prepared COMMIT stays broken.
 */
final class WriteSession implements AutoCloseable {

  /** A user as a write of this transaction left it; null for one that is gone. */
  record Effect(long id, @Nullable User user) {}

  private final Connection connection;
  private final Statement control;
  private final PreparedStatement byId;
  private final PreparedStatement byEmail;
  private final PreparedStatement insert;
  private final PreparedStatement update;
  private final PreparedStatement delete;
  private final FeedRows feed;
  private final CredentialRows credentials;
  private final Counters counters;
  private final int userLimit;
  private final List<Effect> effects = new ArrayList<>();
  private long committedSeq;

  /**
   * @param userLimit how many bytes a user may have as JSON, so that what was read can be sent back
   */
  WriteSession(SqliteFile file, int userLimit) throws SQLException {
    this.userLimit = userLimit;
    connection = file.writer();
    try {
      control = connection.createStatement();
      byId = connection.prepareStatement("SELECT " + UserRow.COLUMNS + " FROM users WHERE id = ?");
      byEmail = connection.prepareStatement("SELECT 1 FROM users WHERE email_key = ?");
      insert =
          connection.prepareStatement(
              "INSERT INTO users VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
      update =
          connection.prepareStatement(
              "UPDATE OR IGNORE users SET name = ?, name_key = ?, email = ?, email_key = ?,"
                  + " attributes = ?, version = ?, updated_at = ?, seq = ? WHERE id = ?");
      delete = connection.prepareStatement("DELETE FROM users WHERE id = ?");
      feed = new FeedRows(connection);
      credentials = new CredentialRows(connection);
      counters = new Counters(connection);
      committedSeq = counters.lastSeq();
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** The newest seq that is committed, as far as this session knows. */
  long committedSeq() {
    return committedSeq;
  }

  void begin() throws SQLException {
    control.execute("BEGIN IMMEDIATE");
  }

  /** Makes the transaction durable. When it throws, the outcome is open. */
  void commit() throws SQLException {
    if (effects.isEmpty()) {
      control.execute("ROLLBACK"); // Nothing needs the disk.
      return;
    }
    counters.save();
    control.execute("COMMIT");
    committedSeq = counters.lastSeq();
  }

  /** What the transaction changed, in order, and no more than once. */
  List<Effect> takeEffects() {
    List<Effect> taken = List.copyOf(effects);
    effects.clear();
    return taken;
  }

  /** Prunes the feed in a transaction of its own; whether there may be more to prune. */
  boolean prune(Instant before) throws SQLException {
    begin();
    boolean more = feed.prune(before);
    control.execute(more ? "COMMIT" : "ROLLBACK");
    return more;
  }

  /**
   * Carries out one write within the transaction.
   *
   * @throws Failure when this write must not happen; the transaction is as before it
   */
  WriteOutcome apply(UserWrite write, Instant now) throws SQLException {
    UUID op = write.op();
    if (op != null) {
      Optional<WriteOutcome> recorded = feed.recorded(write, op);
      if (recorded.isPresent()) {
        return recorded.get();
      }
    }
    Long target = write.target();
    User current = target == null ? null : UserRow.find(byId, target);
    Decision decision = Decision.on(write, current);
    if (decision instanceof Decision.Insert wanted) {
      return insert(wanted.id(), wanted.draft(), now, write);
    } else if (decision instanceof Decision.Update wanted) {
      return update(wanted, now, write);
    } else if (decision instanceof Decision.Remove wanted) {
      return remove(wanted.before(), now, write);
    } else if (decision instanceof Decision.Credential wanted) {
      return setPassword(wanted);
    }
    return new WriteOutcome(WriteOutcome.Kind.UNCHANGED, ((Decision.Keep) decision).current());
  }

  private WriteOutcome insert(@Nullable Long wanted, UserDraft draft, Instant now, UserWrite by)
      throws SQLException {
    // Numbers given out for a write that then fails stay unused: seqs and ids may have gaps.
    long id = wanted == null ? counters.assignId() : wanted;
    long seq = counters.nextSeq();
    User user = User.of(id, draft.name(), draft.email(), draft.attributes(), 1, now, now, seq);
    requireFitting(user);
    insert.setLong(1, id);
    insert.setString(2, user.name());
    insert.setBytes(3, SearchKey.of(user.name()));
    insert.setString(4, user.email());
    insert.setBytes(5, emailKey(user.email()));
    insert.setString(6, user.attributes());
    insert.setLong(7, user.version());
    insert.setLong(8, now.toEpochMilli());
    insert.setLong(9, now.toEpochMilli());
    insert.setLong(10, seq);
    if (insert.executeUpdate() == 0) {
      throw taken(user.email());
    }
    counters.used(id);
    append(seq, Change.Kind.CREATED, id, user.version(), now, user, by);
    return new WriteOutcome(WriteOutcome.Kind.CREATED, user);
  }

  private WriteOutcome update(Decision.Update wanted, Instant now, UserWrite by)
      throws SQLException {
    User user = wanted.after(counters.nextSeq(), now);
    requireFitting(user);
    update.setString(1, user.name());
    update.setBytes(2, SearchKey.of(user.name()));
    update.setString(3, user.email());
    update.setBytes(4, emailKey(user.email()));
    update.setString(5, user.attributes());
    update.setLong(6, user.version());
    update.setLong(7, user.updatedAt().toEpochMilli());
    update.setLong(8, user.seq());
    update.setLong(9, user.id());
    if (update.executeUpdate() == 0) {
      throw Decision.emailTaken();
    }
    append(user.seq(), Change.Kind.UPDATED, user.id(), user.version(), user.updatedAt(), user, by);
    return new WriteOutcome(WriteOutcome.Kind.UPDATED, user);
  }

  private WriteOutcome remove(User before, Instant now, UserWrite by) throws SQLException {
    delete.setLong(1, before.id());
    delete.executeUpdate();
    feed.erase(before.id());
    credentials.remove(before.id());
    counters.freed(before.id());
    append(counters.nextSeq(), Change.Kind.DELETED, before.id(), before.version(), now, null, by);
    return new WriteOutcome(WriteOutcome.Kind.DELETED, null);
  }

  private WriteOutcome setPassword(Decision.Credential wanted) throws SQLException {
    User user = wanted.current();
    if (credentials.set(user.id(), wanted.hash(), wanted.replaces())) {
      // It takes a seq, which no change has, so that a commit of nothing else can be told from
      // none.
      counters.nextSeq();
      effects.add(new Effect(user.id(), user));
    }
    return new WriteOutcome(WriteOutcome.Kind.UNCHANGED, user);
  }

  private void append(
      long seq,
      Change.Kind kind,
      long id,
      long version,
      Instant at,
      @Nullable User user,
      UserWrite by)
      throws SQLException {
    String json = user == null ? null : user.json().toString();
    feed.append(new Change(seq, kind, id, version, at, json), by);
    effects.add(new Effect(id, user));
  }

  private static byte @Nullable [] emailKey(@Nullable String email) {
    return email == null ? null : SearchKey.of(email);
  }

  private void requireFitting(User user) {
    if (user.json().length() > userLimit) {
      throw Failure.of(
          Failure.Kind.TOO_LARGE, "a user may have at most " + userLimit + " bytes as JSON");
    }
  }

  private Failure taken(@Nullable String email) throws SQLException {
    if (email == null) {
      return Decision.idTaken();
    }
    byEmail.setBytes(1, SearchKey.of(email));
    try (ResultSet row = byEmail.executeQuery()) {
      return row.next() ? Decision.emailTaken() : Decision.idTaken();
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
