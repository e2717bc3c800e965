package dev.rollcall.store.webhooks;

import static dev.rollcall.store.statements.Values.integer;
import static dev.rollcall.store.statements.Values.number;
import static dev.rollcall.store.statements.Values.text;
import static dev.rollcall.store.statements.Values.time;
import static dev.rollcall.store.statements.Values.timeOrNull;

import dev.rollcall.followers.webhooks.ParkedUser;
import dev.rollcall.followers.webhooks.Webhook;
import dev.rollcall.followers.webhooks.WebhookSecret;
import dev.rollcall.followers.webhooks.WebhookSpec;
import dev.rollcall.followers.webhooks.WebhookStore.Declarer;
import dev.rollcall.store.statements.Statements;
import dev.rollcall.users.Change;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rows of webhooks, of parked users and of changes. */
final class WebhookRows {
  static final String SELECT =
      "SELECT id, name, url, kinds, with_user, with_by, secrets, made_by, created_at, updated_at,"
          + " paused, position, lost, failing_since, last_error, revision, epoch,"
          + " (SELECT count(*) FROM webhook_parked p WHERE p.webhook = webhooks.id),"
          + " (SELECT count(*) FROM (SELECT seq FROM changes WHERE seq > webhooks.position LIMIT "
          + Webhook.MOST_LAG
          + ") behind) FROM webhooks";

  private static final String INSERT =
      "INSERT INTO webhooks (id, name, url, kinds, with_user, with_by, secrets, made_by,"
          + " created_at, updated_at, paused, position, lost, failing_since, last_error, revision,"
          + " owner, epoch, lease_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULL,"
          + " $11, 0, NULL, NULL, $12, NULL, 0, 0)";

  private static final String UPDATE =
      "UPDATE webhooks SET url = $1, kinds = $2, with_user = $3, with_by = $4, secrets = $5,"
          + " updated_at = $6, revision = $7 WHERE id = $8";

  private static final long LARGEST = (1L << 53) - 1;

  private WebhookRows() {}

  /** A random number from 1, as an id or a revision. */
  static long random() {
    return ThreadLocalRandom.current().nextLong(1, LARGEST);
  }

  static <E extends Exception> void insert(
      Statements<E> statements, WebhookSpec spec, Declarer by, long after, Instant now) throws E {
    statements.update(
        INSERT,
        random(),
        spec.name(),
        spec.url(),
        kinds(spec),
        flag(spec.withUser()),
        flag(spec.withBy()),
        secrets(spec),
        by.name(),
        now.toEpochMilli(),
        now.toEpochMilli(),
        after,
        random());
  }

  static <E extends Exception> void update(
      Statements<E> statements, long id, WebhookSpec spec, Instant now) throws E {
    statements.update(
        UPDATE,
        spec.url(),
        kinds(spec),
        flag(spec.withUser()),
        flag(spec.withBy()),
        secrets(spec),
        now.toEpochMilli(),
        random(),
        id);
  }

  private static String kinds(WebhookSpec spec) {
    return Arrays.stream(Change.Kind.values())
        .filter(spec.kinds()::contains)
        .map(Change.Kind::word)
        .collect(Collectors.joining(" "));
  }

  private static String secrets(WebhookSpec spec) {
    return spec.secrets().stream().map(WebhookSecret::text).collect(Collectors.joining(" "));
  }

  private static long flag(boolean set) {
    return set ? 1 : 0;
  }

  static Webhook webhook(@Nullable Object[] row) {
    WebhookSpec spec =
        new WebhookSpec(
            text(row[1]),
            text(row[2]),
            kinds(text(row[3])),
            number(row[4]) != 0,
            number(row[5]) != 0,
            Arrays.stream(text(row[6]).split(" ", -1))
                .map(secret -> Objects.requireNonNull(WebhookSecret.parse(secret)))
                .toList());
    return new Webhook(
        number(row[0]),
        spec,
        (String) row[7],
        time(row[8]),
        time(row[9]),
        (String) row[10],
        number(row[11]),
        number(row[12]),
        timeOrNull(row[13]),
        (String) row[14],
        number(row[15]),
        number(row[16]),
        number(row[17]),
        number(row[18]));
  }

  private static Set<Change.Kind> kinds(String words) {
    List<String> all = List.of(words.split(" ", -1));
    return Arrays.stream(Change.Kind.values())
        .filter(kind -> all.contains(kind.word()))
        .collect(Collectors.toUnmodifiableSet());
  }

  static ParkedUser parked(@Nullable Object[] row) {
    return new ParkedUser(number(row[0]), number(row[1]), integer(row[2]), time(row[3]));
  }

  static Change change(@Nullable Object[] row) {
    return new Change(
        number(row[0]),
        Change.Kind.of(integer(row[1])),
        number(row[2]),
        number(row[3]),
        time(row[4]),
        (String) row[5],
        (String) row[6]);
  }
}
