package dev.rollcall.store.copy;

import static dev.rollcall.users.Awaiting.await;

import dev.rollcall.access.KeyHash;
import dev.rollcall.access.NewKey;
import dev.rollcall.access.Scopes;
import dev.rollcall.access.sessions.SigningKey;
import dev.rollcall.followers.cursors.CursorStore.WantedCursor;
import dev.rollcall.followers.receipts.ReceiptKey;
import dev.rollcall.followers.webhooks.ParkedUser;
import dev.rollcall.followers.webhooks.Webhook;
import dev.rollcall.followers.webhooks.WebhookProgress;
import dev.rollcall.followers.webhooks.WebhookSecret;
import dev.rollcall.followers.webhooks.WebhookSpec;
import dev.rollcall.followers.webhooks.WebhookStore;
import dev.rollcall.store.sqlite.SqliteStore;
import dev.rollcall.users.Change;
import dev.rollcall.users.Precondition;
import dev.rollcall.users.User;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserWrite;
import dev.rollcall.users.WriteOutcome;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Fills a store with all that a store can hold, chosen by a seed: users who were changed and
 * deleted, names of all scripts, passwords, repeatable writes, ids at the upper end.
 */
final class SampleStore {

  /** Names and texts that a careless copy would change. */
  private static final List<String> TEXTS =
      List.of(
          "Алиса",
          "Zoë",
          "Zoe\u0308",
          "李小龍",
          "\uD83D\uDE80 R",
          "O'Brien",
          "%s \\u0041 $1",
          "ǰ",
          "İ");

  private final Random random;
  private final List<Long> ids = new ArrayList<>();
  private int number;

  /** Writes whose outcome the feed knows. */
  final List<UserWrite> repeatable = new ArrayList<>();

  SampleStore(long seed) {
    random = new Random(seed);
  }

  /** Writes to a store at random. */
  void write(SqliteStore store, int writes) {
    for (int last = number + writes; number < last; number++) {
      int dice = random.nextInt(10);
      if (ids.isEmpty() || dice < 5) {
        create(store);
      } else if (dice < 7) {
        UserDraft.Patch patch = new UserDraft.Patch(null, null, false, "{\"n\":" + number + "}");
        carryOut(store, new UserWrite.Patch(any(), patch, Precondition.NONE, op()));
      } else if (dice < 9) {
        await(store.write(new UserWrite.SetPassword(any(), "$2a$10$" + number, null)));
      } else {
        carryOut(
            store,
            new UserWrite.Delete(ids.remove(random.nextInt(ids.size())), Precondition.NONE, op()));
      }
    }
  }

  private static void makeWebhooks(SqliteStore store) {
    WebhookStore webhooks = store.tables().webhooks();
    for (int i = 0; i < 3; i++) {
      WebhookSecret secret = WebhookSecret.generate();
      WebhookSpec spec =
          new WebhookSpec(
              "w" + i, "http://a/b", Set.of(Change.Kind.CREATED), true, false, List.of(secret));
      WebhookStore.Declarer by = new WebhookStore.Declarer(i == 0 ? null : "key:" + i, true);
      Webhook made =
          await(webhooks.declare(spec, secret, by, 0, Instant.ofEpochMilli(1))).webhook();
      List<ParkedUser> parked = List.of(new ParkedUser(5, 2, 1, Instant.ofEpochMilli(9)));
      await(
          store
              .tables()
              .deliveries()
              .record(
                  List.of(
                      new WebhookProgress(
                          made.id(), 0, 1, 0, null, null, null, parked, List.of(), List.of()))));
    }
    await(store.tables().deliveries().claim("somebody", Duration.ofSeconds(10)));
    List<String> sources = List.of("account");
    await(store.tables().erasures().request(1, sources, "key:1", Instant.ofEpochMilli(1)));
  }

  /** Makes keys, and deletes the last of them; those of sessions, and followers. */
  static void makeKeys(SqliteStore store) {
    for (String text : TEXTS) {
      NewKey key =
          new NewKey(
              text,
              Scopes.of(List.of("users:read", "jobs")),
              KeyHash.of(text),
              Instant.ofEpochMilli(1),
              text.length() % 2 == 0 ? null : Instant.ofEpochMilli(2),
              text.length() % 2 == 0 ? null : "issuer:corp:" + text);
      await(store.tables().keys().addKey(key));
    }
    await(store.tables().keys().keysUsed(Map.of(1L, Instant.ofEpochMilli(3))));
    await(store.tables().keys().deleteKey(TEXTS.size()));
    makeWebhooks(store);
    for (int i = 1; i <= 2; i++) {
      byte[] bytes = {(byte) i, 0};
      Instant at = Instant.ofEpochMilli(i);
      SigningKey key = new SigningKey(i, "key " + i, bytes, bytes, at, at, null);
      await(store.tables().sessions().addSigningKey(key, Duration.ofMinutes(1)));
      await(
          store
              .tables()
              .receiptKeys()
              .addReceiptKey(new ReceiptKey(i, "receipts " + i, bytes, bytes, at)));
      WantedCursor wanted = new WantedCursor(i, "f" + i, null, i, at, i == 1 ? null : "a", false);
      await(store.tables().cursors().putCursor(wanted));
    }
    await(store.tables().cursors().advanceCursor(2, 5, Instant.ofEpochMilli(7)));
  }

  private void create(SqliteStore store) {
    // Some bring ids that the counter of assigned ones does not pass, and that must be remembered.
    Long id = random.nextInt(6) == 0 ? User.MAX_ID - number : null;
    String email =
        random.nextBoolean() ? null : String.format(Locale.ROOT, "U%d@Example.ORG", number);
    String text = TEXTS.get(random.nextInt(TEXTS.size()));
    String attributes = "{\"t\":\"%s\",\"f\":1.50,\"e\":\"\\u0000\"}".formatted(filler(text));
    UserWrite write =
        new UserWrite.Create(new UserDraft(id, text + " " + number, email, attributes), op());
    ids.add(carryOut(store, write).user().id());
  }

  /** Some are long, so that their number is not all that fills a transaction. */
  private String filler(String text) {
    return text.replace("\\", "").repeat(random.nextInt(50) == 0 ? 20_000 : 1);
  }

  private long any() {
    return ids.get(random.nextInt(ids.size()));
  }

  private @Nullable UUID op() {
    return random.nextInt(3) == 0 ? new UUID(random.nextLong(), random.nextLong()) : null;
  }

  private WriteOutcome carryOut(SqliteStore store, UserWrite wanted) {
    UserWrite write = wanted.from(number % 2 == 0 ? null : "issuer:corp:Zo\u00eb " + number);
    if (write.op() != null) {
      repeatable.add(write);
    }
    return await(store.write(write));
  }

  /** All rows of all tables of a SQLite file, as text, read by means of their own. */
  static List<String> rows(String jdbcUrl) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(jdbcUrl);
        Statement statement = connection.createStatement()) {
      for (String query :
          List.of(
              "SELECT 'user', * FROM users ORDER BY id",
              "SELECT 'credential', * FROM credentials ORDER BY id",
              "SELECT 'change', * FROM changes ORDER BY seq",
              "SELECT 'retired', * FROM retired_ids ORDER BY id",
              "SELECT 'key', * FROM api_keys ORDER BY id",
              "SELECT 'key numbers', last_id FROM key_numbers",
              "SELECT 'signing key', * FROM signing_keys ORDER BY id",
              "SELECT 'receipt key', * FROM receipt_keys ORDER BY id",
              "SELECT 'webhook', * FROM webhooks ORDER BY id",
              "SELECT 'parked', * FROM webhook_parked ORDER BY id",
              "SELECT 'follower', * FROM kept_cursors ORDER BY id",
              "SELECT 'erasure', * FROM erasures ORDER BY id",
              "SELECT 'target', * FROM erasure_targets ORDER BY id",
              "SELECT 'counters', last_seq, next_id, pruned_seq FROM counters")) {
        try (ResultSet row = statement.executeQuery(query)) {
          while (row.next()) {
            rows.add(text(row));
          }
        }
      }
    }
    return rows;
  }

  private static String text(ResultSet row) throws SQLException {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
      Object value = row.getObject(i);
      text.append(value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : value);
      text.append('|');
    }
    return text.toString();
  }
}
