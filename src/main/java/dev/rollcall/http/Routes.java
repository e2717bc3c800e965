package dev.rollcall.http;

import dev.rollcall.access.Scope;
import dev.rollcall.config.HttpSettings;
import dev.rollcall.config.sources.ViewSettings.Mode;
import dev.rollcall.http.connections.HttpLimits;
import dev.rollcall.http.documents.ContractViewer;
import dev.rollcall.http.documents.Documents;
import dev.rollcall.http.server.Body;
import dev.rollcall.http.server.Fields;
import dev.rollcall.operations.Operation;
import dev.rollcall.operations.Resources;
import dev.rollcall.views.View;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
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

  private static final int OK = 200;

  private final Resources resources;
  private final HttpSettings settings;
  private final ChangeFeed feed;
  private final JobEvents jobEvents;
  private final FollowerPolls followerPolls;

  Routes(Resources resources, HttpLimits limits, HttpSettings settings) {
    this.resources = resources;
    this.settings = settings;
    feed = new ChangeFeed(resources, limits);
    jobEvents = new JobEvents(resources, limits);
    followerPolls = new FollowerPolls(resources, limits);
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
      case GET_DOCS -> ContractViewer::page;
      case GET_DOCS_SCRIPT -> ContractViewer::script;
      case GET_DOCS_STYLE -> ContractViewer::style;
      case IMPORT_USERS -> this::importUsers;
      case EXPORT_USERS -> this::exportUsers;
      case LIST_CHANGES -> feed;
      case GET_VIEW -> exchange -> ViewStream.answer(resources, exchange);
      case BATCH_VIEW -> this::batchView;
      case GET_JOB_RESULTS -> new JobResults(resources);
      case FOLLOW_JOB -> jobEvents;
      case GET_FOLLOWER_CHANGES -> followerPolls;
      case GET_ERASURE_RECEIPT -> this::erasureReceipt;
      default -> null;
    };
  }

  /** A user a line, each line for itself. */
  private void importUsers(OperationExchange exchange) {
    exchange.requireType();
    Body.invite(exchange);
    new UserImport(exchange, exchange.principal().name(), resources.users(), settings).start();
  }

  /** All users as lines of JSON, in the order of their ids. */
  private void exportUsers(OperationExchange exchange) {
    // Taken before the first row is read: what is written from here on may or may not be among the
    // rows, and applying the changes after this position brings the copy up to date either way.
    String position = Long.toString(resources.users().position());
    if (exchange.head().isHead()) {
      exchange.response().headers().set(Fields.CHANGES_AFTER, position);
      exchange.stream(Fields.NDJSON).end();
    } else {
      new UserExport(exchange, resources.users(), position).start();
    }
  }

  /** What is known of an erasure, signed. */
  private void erasureReceipt(OperationExchange exchange) {
    exchange.reply(
        resources.keptErasures().receipt(exchange.id()),
        receipt -> exchange.send(OK, Fields.JOSE, Buffer.buffer(receipt)));
  }

  /** A view of many users, a line each. */
  private void batchView(OperationExchange exchange) {
    String name = exchange.pathParameter("view");
    exchange.principal().require(Scope.VIEWS_READ.text(), name);
    View view = resources.views().named(name);
    Duration time = exchange.time(view.deadline());
    exchange.body(
        BatchRequest.BODY_LIMIT,
        body -> {
          BatchRequest request = BatchRequest.read(body);
          Mode mode = view.mode(request.mode(), "/mode");
          new ViewBatch(exchange, resources.views(), view, mode, time, request).start();
        });
  }

  /**
   * Ends the event streams and what waits for changes, as is to be done before the server is ended.
   */
  void endStreams() {
    feed.endStreams();
    jobEvents.endStreams();
    followerPolls.end();
  }

  /** The operations by template, those with literal segments before those with parameters. */
  static Map<String, List<Operation>> byTemplate() {
    // A brace sorts behind all that a literal segment begins with, so plain text order will do.
    return Arrays.stream(Operation.values())
        .collect(Collectors.groupingBy(Operation::template, TreeMap::new, Collectors.toList()));
  }
}
