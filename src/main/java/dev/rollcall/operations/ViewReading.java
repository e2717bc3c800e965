package dev.rollcall.operations;

import dev.rollcall.access.Scope;
import dev.rollcall.access.Scopes;
import dev.rollcall.access.SelfRights;
import dev.rollcall.base.Deadline;
import dev.rollcall.views.View;
import dev.rollcall.views.ViewRequest;
import dev.rollcall.wire.Parameters;
import java.util.Set;

/** Views: which there are, and one of them of one user. */
public final class ViewReading {

  private static final String VIEWS = Scope.VIEWS_READ.text();

  private static final String MODE = "mode";
  private static final String EXPLAIN = "explain";

  /** The names of the parameters of {@link #get}. */
  static final Set<String> PARAMETERS = Set.of(MODE, EXPLAIN);

  private ViewReading() {}

  static void list(Resources resources, Request request) {
    Scopes scopes = request.principal().scopes();
    request.document(resources.views().declared(name -> scopes.hold(VIEWS + ":" + name)));
  }

  /** A view of a user, as it is asked for. */
  public record Wanted(ViewRequest request, long id) {}

  /** Answers with a view of a user. */
  public static void get(Resources resources, Request request) {
    Wanted wanted = read(resources, request);
    request.reserve(
        wanted.request().view().size().next(),
        () -> request.reply(resources.views().fetch(wanted.request(), wanted.id()), request::view));
  }

  /**
   * Reads what is asked for.
   *
   * @throws dev.rollcall.base.Failure where the request is at fault, or its caller may not ask it
   */
  public static Wanted read(Resources resources, Request request) {
    Parameters given = request.parameters();
    long id = given.id();
    String name = given.required("view");
    String mode = given.optional(MODE);
    boolean explain = given.flag(EXPLAIN);
    given.refuseIfFaulty();
    SelfRights self = request.principal().self();
    if (self == null || !self.views().contains(name)) {
      request.principal().require(VIEWS, name);
    }
    View view = resources.views().named(name);
    Deadline deadline = request.deadline(view.deadline());
    ViewRequest wanted =
        new ViewRequest(
            view,
            view.mode(mode, given.pointerTo(MODE)),
            deadline,
            explain,
            request.client(),
            request.caller());
    return new Wanted(wanted, id);
  }
}
