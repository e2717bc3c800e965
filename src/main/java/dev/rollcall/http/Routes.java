package dev.rollcall.http;

import dev.rollcall.config.HttpSettings;
import dev.rollcall.operations.Operation;
import dev.rollcall.operations.Resources;
import dev.rollcall.operations.Scope;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The table of operations as HTTP serves it, with what HTTP carries out itself. */
final class Routes {

  /** What links of any page may lead to: nothing there is about users. */
  static final Set<String> OPEN_DOCUMENTS =
      Arrays.stream(Operation.values())
          .filter(operation -> operation.scope() == Scope.OPEN)
          .map(Operation::template)
          .collect(Collectors.toUnmodifiableSet());

  private final Resources resources;
  private final UserImports imports;
  private final UserExports exports;
  private final ViewBatches batches;
  private final JobResults results;
  private final ChangeFeed feed;
  private final JobEvents jobEvents;

  Routes(Resources resources, Gate gate, HttpSettings settings) {
    this.resources = resources;
    imports = new UserImports(resources.users(), settings);
    exports = new UserExports(resources.users());
    batches = new ViewBatches(resources.views());
    results = new JobResults(resources);
    feed = new ChangeFeed(resources, gate);
    jobEvents = new JobEvents(resources, gate);
  }

  /** What operations work on. */
  Resources resources() {
    return resources;
  }

  /** What HTTP answers in a way of its own; null for what {@link Operation#endpoint} answers. */
  @Nullable Consumer<OperationExchange> own(Operation operation) {
    return switch (operation) {
      case GET_INDEX -> Documents::index;
      case GET_OPEN_API -> Documents::openApi;
      case GET_ASYNC_API -> Documents::asyncApi;
      case IMPORT_USERS -> imports;
      case EXPORT_USERS -> exports;
      case LIST_CHANGES -> feed;
      case BATCH_VIEW -> batches;
      case GET_JOB_RESULTS -> results;
      case FOLLOW_JOB -> jobEvents;
      default -> null;
    };
  }

  /** Ends the event streams, as is to be done before the server is ended. */
  void endStreams() {
    feed.endStreams();
    jobEvents.endStreams();
  }

  /** The operations by template, those with literal segments before those with parameters. */
  static Map<String, List<Operation>> byTemplate() {
    // A brace sorts behind all that a literal segment begins with, so plain text order will do.
    return Arrays.stream(Operation.values())
        .collect(Collectors.groupingBy(Operation::template, TreeMap::new, Collectors.toList()));
  }
}
