package dev.rollcall.operations;

import dev.rollcall.access.Keys;
import dev.rollcall.access.clients.WrongCredentials;
import dev.rollcall.access.sessions.UserSessions;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.followers.cursors.KeptCursors;
import dev.rollcall.followers.erasures.Erasures;
import dev.rollcall.followers.receipts.PublishedKeys;
import dev.rollcall.followers.webhooks.Webhooks;
import dev.rollcall.jobs.Jobs;
import dev.rollcall.users.Users;
import dev.rollcall.views.Views;
import java.util.Optional;

/**
 * What operations work on.
 *
 * @param jobs none where they are kept by other nodes
 * @param keys also those that other nodes keep
 * @param cursors also those of followers that other nodes keep
 * @param sessions also those that other nodes keep; none where users can't log in
 * @param wrong slows those who guess passwords and tokens of sessions
 * @param webhooks also those that other nodes keep
 * @param receiptKeys also those that other nodes keep
 * @param erasures also those that other nodes keep
 */
public record Resources(
    Users users,
    Views views,
    Optional<Jobs> jobs,
    Keys keys,
    KeptCursors cursors,
    Optional<UserSessions> sessions,
    WrongCredentials wrong,
    Optional<Webhooks> webhooks,
    PublishedKeys receiptKeys,
    Optional<Erasures> erasures) {

  /** Whether there is what an operation works on. */
  public boolean serve(Operation operation) {
    return switch (operation) {
      case START_SESSION, REFRESH_SESSION, END_SESSION -> sessions.isPresent();
      default -> true;
    };
  }

  /**
   * The sessions of users.
   *
   * @throws Failure where users can't log in
   */
  UserSessions userSessions() {
    return sessions.orElseThrow(
        () -> Failure.of(Kind.NOT_FOUND, "users can't log in here: there is no auth.sessions"));
  }

  /**
   * The webhooks.
   *
   * @throws Failure where there are none
   */
  Webhooks declaredWebhooks() {
    return webhooks.orElseThrow(
        () -> Failure.of(Kind.NOT_IMPLEMENTED, "this process keeps no webhooks"));
  }

  /**
   * The erasures.
   *
   * @throws Failure where there are none
   */
  public Erasures keptErasures() {
    return erasures.orElseThrow(
        () -> Failure.of(Kind.NOT_IMPLEMENTED, "this process keeps no erasures"));
  }

  /**
   * The jobs of this process.
   *
   * @throws Failure where they are kept by other nodes
   */
  public Jobs localJobs() {
    return jobs.orElseThrow(
        () ->
            Failure.of(
                Kind.NOT_IMPLEMENTED,
                "this node keeps no jobs; ask one that has a store of its own"));
  }
}
