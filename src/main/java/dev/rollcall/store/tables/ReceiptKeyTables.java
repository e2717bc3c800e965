package dev.rollcall.store.tables;

import static dev.rollcall.store.statements.Values.bytes;
import static dev.rollcall.store.statements.Values.number;
import static dev.rollcall.store.statements.Values.text;
import static dev.rollcall.store.statements.Values.time;

import dev.rollcall.followers.receipts.ReceiptKey;
import dev.rollcall.followers.receipts.ReceiptKeyStore;
import dev.rollcall.store.statements.TablePort;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys of receipts in the tables of a store. Safe for use by all threads, as its port is.
 *
 * <p>Whatever writes takes the row of {@code key_numbers} first: so nodes that share a database
 * wait for each other, and for a copy that holds it.
 *
 * @param <E> what a statement fails with
 */
public record ReceiptKeyTables<E extends Exception>(TablePort<E> port) implements ReceiptKeyStore {
  private static final String ALL =
      "SELECT id, name, public_key, private_key, created_at FROM receipt_keys ORDER BY id";

  private static final String NEWEST = "SELECT coalesce(max(id), 0) FROM receipt_keys";

  private static final String INSERT = "INSERT INTO receipt_keys VALUES ($1, $2, $3, $4, $5)";

  @Override
  public Future<List<ReceiptKey>> receiptKeys() {
    return port.readAll(ReceiptKeyTables::key, ALL);
  }

  @Override
  public Future<Boolean> addReceiptKey(ReceiptKey key) {
    return port.writeInTurn(
        statements -> {
          if (statements.number(NEWEST) != key.id() - 1) {
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
    return new ReceiptKey(number(row[0]), text(row[1]), bytes(row[2]), bytes(row[3]), time(row[4]));
  }
}
