package dev.rollcall.operations;

import dev.rollcall.access.Keys;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.jobs.Jobs;
import dev.rollcall.users.Users;
import dev.rollcall.views.Views;
import java.util.Optional;

/**
 * What operations work on.
 *
 * @param jobs none where they are kept by other nodes
 * @param keys also those that other nodes keep
 */
public record Resources(Users users, Views views, Optional<Jobs> jobs, Keys keys) {

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
