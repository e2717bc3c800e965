package dev.rollcall.bus;

import dev.rollcall.access.Scope;
import dev.rollcall.base.Failure;
import dev.rollcall.operations.Endpoint;
import dev.rollcall.operations.Operation;
import dev.rollcall.operations.Resources;
import dev.rollcall.wire.RequestIds;
import java.util.ArrayList;
import java.util.List;

/**
 * An operation as one instance serves it over the event bus.
 *
 * @param bodyLimit how many bytes a message's body may have as JSON
 * @param ids names requests that came without a name
 */
record ServedOperation(
    Operation operation, Endpoint endpoint, Resources resources, int bodyLimit, RequestIds ids) {

  /** The addresses that are served here: those of jobs only by nodes that keep jobs. */
  static List<ServedAddress> table(Resources resources, int bodyLimit) {
    RequestIds ids = new RequestIds();
    List<ServedAddress> table = new ArrayList<>();
    for (Operation operation : Operation.values()) {
      String address = operation.address();
      Endpoint endpoint = operation.endpoint();
      boolean here = operation.scope() != Scope.JOBS || resources.jobs().isPresent();
      if (address != null && endpoint != null && here) {
        ServedOperation asked = new ServedOperation(operation, endpoint, resources, bodyLimit, ids);
        table.add(
            new ServedAddress(
                address,
                address,
                operation.late(),
                Failure::sentence,
                (server, served, timers, message) ->
                    new OperationCall(server, served, timers, message, asked)));
      }
    }
    return table;
  }
}
