package dev.rollcall.bus;

import static dev.rollcall.bus.Operation.open;

import dev.rollcall.bus.Operation.Late;
import dev.rollcall.jobs.Jobs;
import dev.rollcall.sources.Views;
import dev.rollcall.users.Users;
import dev.rollcall.wire.Addresses;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The one table of what everybody may call over the event bus. */
final class Operations {

  private Operations() {}

  /**
   * The rows, for one instance.
   *
   * @param jobs none where they are kept by other nodes, which then serve them
   * @param bodyLimit how many bytes a message's body may have as JSON
   */
  static List<Operation> table(Users users, Views views, Optional<Jobs> jobs, int bodyLimit) {
    Bodies bodies = new Bodies(bodyLimit);
    UserReading reading = new UserReading(users, bodies);
    UserWriting writing = new UserWriting(users, bodies);
    UserPasswords passwords = new UserPasswords(users, bodies);
    List<Operation> table = new ArrayList<>(ofUsers(reading, writing, passwords));
    table.add(open(Addresses.VIEWS_FETCH, Late.ITSELF, new ViewFetching(views, bodies)));
    jobs.ifPresent(here -> table.addAll(new JobCalls(here, bodies).table()));
    return table;
  }

  private static List<Operation> ofUsers(
      UserReading reading, UserWriting writing, UserPasswords passwords) {
    return List.of(
        open(Addresses.USERS_GET, Late.READ, reading::get),
        open(Addresses.USERS_LIST, Late.READ, reading::list),
        open(Addresses.USERS_CHANGES, Late.READ, reading::changes),
        open(Addresses.USERS_CREATE, Late.WRITE, writing::create),
        open(Addresses.USERS_PUT, Late.WRITE, writing::put),
        open(Addresses.USERS_PATCH, Late.WRITE, writing::patch),
        open(Addresses.USERS_DELETE, Late.WRITE, writing::delete),
        open(Addresses.PASSWORD_SET, Late.WRITE, passwords::set),
        open(Addresses.PASSWORD_VERIFY, Late.READ, passwords::verify));
  }
}
