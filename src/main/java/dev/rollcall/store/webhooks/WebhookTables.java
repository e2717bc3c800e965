package dev.rollcall.store.webhooks;

import static dev.rollcall.store.statements.Values.text;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.followers.webhooks.Webhook;
import dev.rollcall.followers.webhooks.WebhookSecret;
import dev.rollcall.followers.webhooks.WebhookSpec;
import dev.rollcall.followers.webhooks.WebhookStore;
import dev.rollcall.store.statements.Statements;
import dev.rollcall.store.statements.TablePort;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The webhooks in the tables of a store. Safe for use by all threads, as its port is.
 *
 * <p>Whatever writes takes the row of {@code key_numbers} first, as what is done with keys does: so
 * nodes that share a database wait for each other, and for a copy that holds it.
 *
 * @param <E> what a statement fails with
 */
public record WebhookTables<E extends Exception>(TablePort<E> port) implements WebhookStore {
  private static final String BY_NAME = WebhookRows.SELECT + " WHERE name = $1";

  private static final String BY_ID = WebhookRows.SELECT + " WHERE id = $1";

  private static final String PAUSE =
      "UPDATE webhooks SET paused = $1, failing_since = NULL, revision = $2 WHERE id = $3";

  private static final String DUE_NOW =
      "UPDATE webhook_parked SET due = 0 WHERE webhook = $1 AND due > 0";

  private static final String REPLAY =
      "UPDATE webhooks SET position = $1, failing_since = NULL, epoch = epoch + 1, owner = NULL,"
          + " lease_until = 0, revision = $2 WHERE id = $3";

  private static final String ATTEMPTS =
      "SELECT lines FROM webhook_attempts WHERE webhook = $1 ORDER BY n DESC LIMIT $2";

  private static final String UNPARK = "DELETE FROM webhook_parked WHERE webhook = $1";

  @Override
  public Future<List<Webhook>> all() {
    return port.readAll(WebhookRows::webhook, WebhookRows.SELECT + " ORDER BY name");
  }

  @Override
  public Future<Optional<Webhook>> find(String name) {
    return port.read(BY_NAME, name).map(WebhookTables::first);
  }

  @Override
  public Future<Declared> declare(
      WebhookSpec spec, WebhookSecret ifNew, Declarer by, long after, Instant now) {
    return port.writeInTurn(
        statements -> {
          Optional<Webhook> before = find(statements, spec.name());
          if (before.isPresent()) {
            return redeclare(statements, before.get(), spec, ifNew, by, now);
          }
          requireReached(statements, after);
          if (statements.number("SELECT count(*) FROM webhooks") >= MOST) {
            throw Failure.of(Kind.CONFLICT, "there are " + MOST + " webhooks already; delete some");
          }
          WebhookSpec whole = spec.secrets().isEmpty() ? spec.with(List.of(ifNew)) : spec;
          WebhookRows.insert(statements, whole, by, after, now);
          return new Declared(find(statements, spec.name()).orElseThrow(), true);
        });
  }

  private Declared redeclare(
      Statements<E> statements,
      Webhook before,
      WebhookSpec spec,
      WebhookSecret ifNew,
      Declarer by,
      Instant now)
      throws E {
    if (!by.owns(before)) {
      throw Failure.of(Kind.CONFLICT, "there is a webhook of this name, which is another caller's");
    }
    if (spec.secrets().isEmpty() && before.spec().secrets().equals(List.of(ifNew))) {
      return new Declared(before, true); // It was made by this very call, whose answer was lost.
    }
    WebhookSpec whole = spec.secrets().isEmpty() ? spec.with(before.spec().secrets()) : spec;
    WebhookRows.update(statements, before.id(), whole, now);
    return new Declared(find(statements, spec.name()).orElseThrow(), false);
  }

  private void requireReached(Statements<E> statements, long after) throws E {
    long newest = statements.number("SELECT last_seq FROM counters");
    if (after > newest) {
      throw Failure.invalid(
          "/after", "must be at most " + newest + ", which is the position of the feed");
    }
  }

  private Optional<Webhook> find(Statements<E> statements, String name) throws E {
    return first(statements.rows(BY_NAME, name));
  }

  private static Optional<Webhook> first(List<@Nullable Object[]> rows) {
    return rows.stream().findFirst().map(WebhookRows::webhook);
  }

  @Override
  public Future<Boolean> delete(long id) {
    return port.writeInTurn(
        statements -> {
          statements.update(UNPARK, id);
          statements.update("DELETE FROM webhook_attempts WHERE webhook = $1", id);
          return statements.update("DELETE FROM webhooks WHERE id = $1", id) > 0;
        });
  }

  @Override
  public Future<Optional<Webhook>> pause(long id, @Nullable String why) {
    return port.writeInTurn(
        statements -> {
          statements.update(PAUSE, why, WebhookRows.random(), id);
          if (why == null) {
            statements.update(DUE_NOW, id);
          }
          return first(statements.rows(BY_ID, id));
        });
  }

  @Override
  public Future<Optional<Webhook>> replay(long id, long after) {
    return port.writeInTurn(
        statements -> {
          requireReached(statements, after);
          statements.update(UNPARK, id);
          statements.update(REPLAY, after, WebhookRows.random(), id);
          return first(statements.rows(BY_ID, id));
        });
  }

  @Override
  public Future<List<String>> attempts(long id) {
    return port.read(ATTEMPTS, id, (long) MOST_ATTEMPTS)
        .map(
            rows ->
                rows.stream()
                    .map(row -> List.of(text(row[0]).split("\n", -1)))
                    .flatMap(WebhookTables::newestFirst)
                    .limit(MOST_ATTEMPTS)
                    .toList());
  }

  private static Stream<String> newestFirst(List<String> lines) {
    return IntStream.rangeClosed(1, lines.size()).mapToObj(i -> lines.get(lines.size() - i));
  }

  @Override
  public Future<Void> note(long id, String attempt) {
    return port.writeInTurn(
            statements -> {
              ProgressRows.note(statements, id, attempt);
              return true;
            })
        .mapEmpty();
  }
}
