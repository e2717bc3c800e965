package dev.rollcall.store.receipts;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.followers.receipts.ReceiptKey;
import dev.rollcall.followers.receipts.ReceiptKeyStore;
import dev.rollcall.store.keys.KeyTables;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The keys of receipts in the tables of a store. Safe for use by all threads, as its port is.
 *
 * <p>Whatever writes takes the row of {@code key_numbers} first: so nodes that share a database
 * wait for each other, and for a copy that holds it.
 *
 * @param <E> what a statement fails with
 */
public final class ReceiptKeyTables<E extends Exception> implements ReceiptKeyStore {
  private static final String HOLD = "UPDATE key_numbers SET revision = revision";

  private static final String ALL =
      "SELECT id, name, public_key, private_key, created_at FROM receipt_keys ORDER BY id";

  private static final String NEWEST = "SELECT coalesce(max(id), 0) FROM receipt_keys";

  private static final String INSERT = "INSERT INTO receipt_keys VALUES ($1, $2, $3, $4, $5)";

  private final KeyTables.Port<E> port;

  /** Those that a port leads to. */
  public ReceiptKeyTables(KeyTables.Port<E> port) {
    this.port = port;
  }

  @Override
  public Future<List<ReceiptKey>> receiptKeys() {
    return port.read(ALL).map(rows -> rows.stream().map(ReceiptKeyTables::key).toList());
  }

  @Override
  public Future<Boolean> addReceiptKey(ReceiptKey key) {
    return port.write(
        statements -> {
          if (statements.update(HOLD) == 0) {
            throw Failure.of(Kind.UNAVAILABLE, "not written: the store is being copied to");
          }
          if (number(statements.rows(NEWEST).get(0)[0]) != key.id() - 1) {
            return false;
          }
          statements.update(
              INSERT,
              key.id(),
              key.name(),
              key.publicKey(),
              key.privateKey(),
              key.createdAt().toEpochMilli());
          return true;
        });
  }

  private static ReceiptKey key(@Nullable Object[] row) {
    return new ReceiptKey(
        number(row[0]),
        (String) Objects.requireNonNull(row[1]),
        (byte[]) Objects.requireNonNull(row[2]),
        (byte[]) Objects.requireNonNull(row[3]),
        Instant.ofEpochMilli(number(row[4])));
  }

  private static long number(@Nullable Object value) {
    return (Long) Objects.requireNonNull(value);
  }
}
