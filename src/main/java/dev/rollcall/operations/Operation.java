package dev.rollcall.operations;

import static dev.rollcall.access.Scope.CREDENTIALS;
import static dev.rollcall.access.Scope.JOBS;
import static dev.rollcall.access.Scope.KEYS;
import static dev.rollcall.access.Scope.OPEN;
import static dev.rollcall.access.Scope.USERS_READ;
import static dev.rollcall.access.Scope.USERS_WRITE;
import static dev.rollcall.access.Scope.VIEWS_READ;
import static dev.rollcall.access.Scope.WEBHOOKS;
import static dev.rollcall.base.Late.ITSELF;
import static dev.rollcall.base.Late.READ;
import static dev.rollcall.base.Late.WRITE;
import static dev.rollcall.operations.Input.JSON;
import static dev.rollcall.operations.Input.LINES;
import static dev.rollcall.operations.Input.MERGE_PATCH;
import static dev.rollcall.operations.Input.NOTHING;
import static dev.rollcall.operations.Input.with;
import static io.vertx.core.http.HttpMethod.DELETE;
import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.PATCH;
import static io.vertx.core.http.HttpMethod.POST;
import static io.vertx.core.http.HttpMethod.PUT;

import dev.rollcall.access.Principal;
import dev.rollcall.access.Scope;
import dev.rollcall.base.Late;
import dev.rollcall.jobs.JobQuery;
import dev.rollcall.users.ChangePage;
import dev.rollcall.users.UserQuery;
import io.vertx.core.http.HttpMethod;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The table of what can be asked: a row for each operation, whose name in the contracts is that of
 * the constant ({@code GET_USER} is {@code getUser}).
 *
 * <p>A row says in this order: the scope that its caller needs, what a caller is told who gets no
 * answer in time, the method and the path over HTTP, what a request says beside its path, the
 * address on the event bus behind {@code rollcall.}, and what carries it out. Rows without the last
 * two are HTTP's alone.
 */
@SuppressWarnings(
    "ImmutableEnumChecker") // Nothing here changes, which can't be seen from the types.
public enum Operation {
  GET_INDEX(OPEN, READ, GET, "/", NOTHING),
  GET_OPEN_API(OPEN, READ, GET, "/openapi.yaml", NOTHING),
  GET_ASYNC_API(OPEN, READ, GET, "/asyncapi.yaml", NOTHING),
  GET_DOCS(OPEN, READ, GET, "/docs", NOTHING),
  GET_DOCS_SCRIPT(OPEN, READ, GET, "/docs/page.js", NOTHING),
  GET_DOCS_STYLE(OPEN, READ, GET, "/docs/page.css", NOTHING),
  LIST_USERS(
      USERS_READ, READ, GET, "/users", with(UserQuery.PARAMETERS), "users.list", UserReading::list),
  CREATE_USER(USERS_WRITE, WRITE, POST, "/users", JSON, "users.create", UserWriting::create),
  IMPORT_USERS(USERS_WRITE, WRITE, POST, "/users/import", LINES),
  EXPORT_USERS(USERS_READ, READ, GET, "/users/export", NOTHING),
  LIST_CHANGES(
      USERS_READ,
      READ,
      GET,
      "/users/changes",
      with(ChangePage.Query.PARAMETERS),
      "users.changes",
      UserReading::changes),
  GET_USER(USERS_READ, READ, GET, "/users/{id}", NOTHING, "users.get", UserReading::get),
  PUT_USER(USERS_WRITE, WRITE, PUT, "/users/{id}", JSON, "users.put", UserWriting::put),
  PATCH_USER(
      USERS_WRITE, WRITE, PATCH, "/users/{id}", MERGE_PATCH, "users.patch", UserWriting::patch),
  DELETE_USER(
      USERS_WRITE, WRITE, DELETE, "/users/{id}", NOTHING, "users.delete", UserWriting::delete),
  ERASE_USER(USERS_WRITE, WRITE, POST, "/users/{id}/erasure", NOTHING, null, ErasureCalls::start),
  GET_ERASURE(USERS_READ, READ, GET, "/erasures/{id}", NOTHING, null, ErasureCalls::get),
  GET_ERASURE_RECEIPT(USERS_READ, READ, GET, "/erasures/{id}/receipt", NOTHING),
  SET_PASSWORD(
      CREDENTIALS,
      WRITE,
      PUT,
      "/users/{id}/password",
      JSON,
      "users.password.set",
      UserPasswords::set),
  VERIFY_PASSWORD(
      CREDENTIALS,
      READ,
      POST,
      "/users/{id}/password/verify",
      JSON,
      "users.password.verify",
      UserPasswords::verify),
  START_SESSION(OPEN, WRITE, POST, "/sessions", JSON, null, SessionCalls::start),
  REFRESH_SESSION(OPEN, WRITE, POST, "/sessions/refresh", JSON, null, SessionCalls::refresh),
  END_SESSION(CREDENTIALS, WRITE, DELETE, "/sessions/{id}", NOTHING, null, SessionCalls::end),
  GET_SESSION_KEYS(OPEN, READ, GET, "/.well-known/jwks.json", NOTHING, null, SigningKeyCalls::get),
  GET_VIEW(
      VIEWS_READ,
      ITSELF,
      GET,
      "/users/{id}/views/{view}",
      with(ViewReading.PARAMETERS),
      "views.fetch",
      ViewReading::get),
  LIST_VIEWS(VIEWS_READ, READ, GET, "/views", NOTHING, null, ViewReading::list),
  BATCH_VIEW(VIEWS_READ, ITSELF, POST, "/views/{view}/batch", JSON),
  LIST_JOBS(JOBS, READ, GET, "/jobs", with(JobQuery.PARAMETERS), "jobs.list", JobCalls::list),
  START_JOB(JOBS, WRITE, POST, "/jobs", JSON, "jobs.start", JobCalls::start),
  GET_JOB(JOBS, READ, GET, "/jobs/{id}", NOTHING, "jobs.get", JobCalls::get),
  CANCEL_JOB(JOBS, WRITE, DELETE, "/jobs/{id}", NOTHING, "jobs.cancel", JobCalls::cancel),
  GET_JOB_RESULTS(JOBS, READ, GET, "/jobs/{id}/results", with(Set.of("after"))),
  FOLLOW_JOB(JOBS, READ, GET, "/jobs/{id}/events", NOTHING),
  LIST_KEYS(KEYS, READ, GET, "/keys", NOTHING, null, KeyCalls::list),
  CREATE_KEY(KEYS, WRITE, POST, "/keys", JSON, null, KeyCalls::create),
  GET_KEY(KEYS, READ, GET, "/keys/{id}", NOTHING, null, KeyCalls::get),
  DELETE_KEY(KEYS, WRITE, DELETE, "/keys/{id}", NOTHING, null, KeyCalls::delete),
  LIST_FOLLOWERS(WEBHOOKS, READ, GET, "/followers", NOTHING, "followers.list", FollowerCalls::list),
  GET_FOLLOWER(
      WEBHOOKS, READ, GET, "/followers/{name}", NOTHING, "followers.get", FollowerCalls::get),
  PUT_FOLLOWER(
      WEBHOOKS, WRITE, PUT, "/followers/{name}", JSON, "followers.put", FollowerCalls::put),
  DELETE_FOLLOWER(
      WEBHOOKS,
      WRITE,
      DELETE,
      "/followers/{name}",
      NOTHING,
      "followers.delete",
      FollowerCalls::delete),
  GET_FOLLOWER_CHANGES(
      WEBHOOKS,
      READ,
      GET,
      "/followers/{name}/changes",
      with(FollowerPoll.PARAMETERS),
      "followers.changes",
      FollowerPoll::answer),
  MOVE_FOLLOWER(
      WEBHOOKS,
      WRITE,
      POST,
      "/followers/{name}/position",
      JSON,
      "followers.position",
      FollowerCalls::advance),
  LIST_WEBHOOKS(WEBHOOKS, READ, GET, "/webhooks", NOTHING, null, WebhookCalls::list),
  GET_WEBHOOK(WEBHOOKS, READ, GET, "/webhooks/{name}", NOTHING, null, WebhookCalls::get),
  PUT_WEBHOOK(WEBHOOKS, WRITE, PUT, "/webhooks/{name}", JSON, null, WebhookCalls::put),
  DELETE_WEBHOOK(WEBHOOKS, WRITE, DELETE, "/webhooks/{name}", NOTHING, null, WebhookCalls::delete),
  PAUSE_WEBHOOK(
      WEBHOOKS, WRITE, POST, "/webhooks/{name}/pause", NOTHING, null, WebhookCalls::pause),
  RESUME_WEBHOOK(
      WEBHOOKS, WRITE, POST, "/webhooks/{name}/resume", NOTHING, null, WebhookCalls::resume),
  REPLAY_WEBHOOK(
      WEBHOOKS, WRITE, POST, "/webhooks/{name}/replay", JSON, null, WebhookCalls::replay),
  TEST_WEBHOOK(WEBHOOKS, WRITE, POST, "/webhooks/{name}/test", NOTHING, null, WebhookCalls::test),
  LIST_WEBHOOK_ATTEMPTS(
      WEBHOOKS, READ, GET, "/webhooks/{name}/attempts", NOTHING, null, WebhookCalls::attempts);

  private final Scope scope;
  private final Late late;
  private final HttpMethod method;
  private final String template;
  private final Input input;
  private final Set<String> members;
  private final @Nullable String address;
  private final @Nullable Endpoint endpoint;

  Operation(Scope scope, Late late, HttpMethod method, String template, Input input) {
    this(scope, late, method, template, input, null, null);
  }

  Operation(
      Scope scope,
      Late late,
      HttpMethod method,
      String template,
      Input input,
      @Nullable String address,
      @Nullable Endpoint endpoint) {
    this.scope = scope;
    this.late = late;
    this.method = method;
    this.template = template;
    this.input = input;
    this.address = address == null ? null : "rollcall." + address;
    this.endpoint = endpoint;
    Set<String> all = new HashSet<>(input.parameters());
    Matcher ofPath = Pattern.compile("\\{([^}]+)}").matcher(template);
    while (ofPath.find()) {
      all.add(ofPath.group(1));
    }
    this.members = Set.copyOf(all);
  }

  /** What its caller must be allowed to do. */
  public Scope scope() {
    return scope;
  }

  /** As {@link Scope#admit}; what it may see of views and jobs is looked at elsewhere. */
  public void admit(Principal caller) {
    scope.admit(caller);
  }

  /** What a caller is told who gets no answer in time. */
  public Late late() {
    return late;
  }

  /** The method over HTTP; GET stands for HEAD too. */
  public HttpMethod method() {
    return method;
  }

  /** The path over HTTP, with parameters in braces, as OpenAPI writes it. */
  public String template() {
    return template;
  }

  /** What a request says beside its path. */
  public Input input() {
    return input;
  }

  /** What the path and the parameters say: the members of a message that has no body. */
  public Set<String> members() {
    return members;
  }

  /** Where it is called over the event bus; null where it is not. */
  public @Nullable String address() {
    return address;
  }

  /** What carries it out; null where HTTP does so itself. */
  public @Nullable Endpoint endpoint() {
    return endpoint;
  }
}
