package dev.rollcall.store.tables;

import dev.rollcall.access.KeyStore;
import dev.rollcall.access.sessions.SessionStore;
import dev.rollcall.followers.cursors.CursorStore;
import dev.rollcall.followers.erasures.ErasureStore;
import dev.rollcall.followers.erasures.ErasureWork;
import dev.rollcall.followers.receipts.ReceiptKeyStore;
import dev.rollcall.followers.traces.JobResultStore;
import dev.rollcall.followers.webhooks.DeliveryStore;
import dev.rollcall.followers.webhooks.WebhookStore;
import dev.rollcall.store.erasures.ErasureTables;
import dev.rollcall.store.erasures.ErasureWorkTables;
import dev.rollcall.store.statements.Dialect;
import dev.rollcall.store.statements.TablePort;
import dev.rollcall.store.webhooks.DeliveryTables;
import dev.rollcall.store.webhooks.WebhookTables;

/**
 * What a database keeps beside users and jobs.
 *
 * @param keys of callers
 * @param sessions of users, and the keys of their tokens
 * @param cursors of followers
 * @param webhooks as their owners see them
 * @param deliveries the same webhooks, as those who deliver see them
 * @param erasures as those who ask for them see them
 * @param erasureWork the same erasures, as whoever carries them out sees them
 * @param receiptKeys of receipts of erasures
 * @param jobResults as whoever erases a user changes them
 */
public record Tables(
    KeyStore keys,
    SessionStore sessions,
    CursorStore cursors,
    WebhookStore webhooks,
    DeliveryStore deliveries,
    ErasureStore erasures,
    ErasureWork erasureWork,
    ReceiptKeyStore receiptKeys,
    JobResultStore jobResults) {

  /**
   * Those that two ports lead to.
   *
   * @param port reads in turn with all others, for what any number of callers may ask
   * @param first reads before all others, for what the process itself depends on
   */
  public static <E extends Exception> Tables of(
      TablePort<E> port, TablePort<E> first, Dialect dialect) {
    return new Tables(
        new KeyTables<>(first),
        new SessionTables<>(first),
        new CursorTables<>(port),
        new WebhookTables<>(port),
        new DeliveryTables<>(first, dialect),
        new ErasureTables<>(port),
        new ErasureWorkTables<>(first, dialect),
        new ReceiptKeyTables<>(first),
        new JobResultTables<>(port));
  }
}
