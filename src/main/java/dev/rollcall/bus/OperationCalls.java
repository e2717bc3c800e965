package dev.rollcall.bus;

import dev.rollcall.base.Failure;
import dev.rollcall.operations.Endpoint;
import dev.rollcall.operations.Operation;
import dev.rollcall.operations.Resources;
import dev.rollcall.operations.Scope;
import dev.rollcall.wire.RequestIds;
import java.util.ArrayList;
import java.util.List;

/** The table of operations as one instance serves it over the event bus. */
final class OperationCalls {

  private final Resources resources;
  private final int bodyLimit;
  private final RequestIds ids = new RequestIds();

  /**
   * What an instance serves.
   *
   * @param bodyLimit how many bytes a message's body may have as JSON
   */
  OperationCalls(Resources resources, int bodyLimit) {
    this.resources = resources;
    this.bodyLimit = bodyLimit;
  }

  /** The addresses; those of jobs are served by the nodes that keep them. */
  List<ServedAddress> table() {
    List<ServedAddress> table = new ArrayList<>();
    for (Operation operation : Operation.values()) {
      String address = operation.address();
      Endpoint endpoint = operation.endpoint();
      boolean here = operation.scope() != Scope.JOBS || resources.jobs().isPresent();
      if (address != null && endpoint != null && here) {
        table.add(
            new ServedAddress(
                address,
                address,
                operation.late(),
                Failure::sentence,
                (desk, served, meters, message) ->
                    new OperationCall(desk, served, meters, message, operation, endpoint, this)));
      }
    }
    return table;
  }

  Resources resources() {
    return resources;
  }

  /** How many bytes a message's body may have as JSON. */
  int bodyLimit() {
    return bodyLimit;
  }

  RequestIds ids() {
    return ids;
  }
}
