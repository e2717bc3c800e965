package dev.rollcall.operations;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.access.AuditLog;
import dev.rollcall.access.AuditLog.Event;
import dev.rollcall.access.Principal;
import dev.rollcall.access.Scope;
import dev.rollcall.access.SelfRights;
import dev.rollcall.access.sessions.IssuedSession;
import dev.rollcall.access.sessions.UserSessions;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.users.UserSchema;
import dev.rollcall.wire.JsonMembers;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Logging in, refreshing a session, ending it, and the keys of tokens. */
final class SessionCalls {

  private static final int LONGEST_TOKEN = 1024;

  private SessionCalls() {}

  static void start(Resources resources, Request request) {
    UserSessions sessions = resources.userSessions();
    request.body(
        body -> {
          Login login = Login.read(body);
          request.reply(
              slowly(resources, request, start(resources, sessions, request, login))
                  .onSuccess(issued -> log(Event.SESSION_STARTED, issued, request)),
              issued -> request.created(Request.text(json(issued)), "/sessions/" + issued.id()));
        });
  }

  /**
   * Begins a session where the password is right, and stored still when it begins. Where another
   * hash of it was stored meanwhile, as a stronger one is, it is verified once more.
   */
  private static Future<IssuedSession> start(
      Resources resources, UserSessions sessions, Request request, Login login) {
    return login
        .user(resources.users(), request.client())
        .compose(
            user ->
                startOnce(resources, sessions, request, user, login)
                    .compose(
                        begun ->
                            begun.isPresent()
                                ? Future.succeededFuture(begun)
                                : startOnce(resources, sessions, request, user, login)))
        .map(begun -> begun.orElseThrow(SessionCalls::wrong));
  }

  private static Future<Optional<IssuedSession>> startOnce(
      Resources resources, UserSessions sessions, Request request, long user, Login login) {
    return resources
        .users()
        .verifiedHash(user, login.password(), request.address(), request.client())
        .compose(
            hash ->
                hash.isPresent() ? sessions.start(user, hash.get()) : Future.failedFuture(wrong()));
  }

  /** A refusal comes late where many came before it to this address; whoever that was about. */
  private static Future<IssuedSession> slowly(
      Resources resources, Request request, Future<IssuedSession> issued) {
    return resources.wrong().slowDown(issued, request.address());
  }

  /** The same for whatever is wrong. */
  private static Failure wrong() {
    return Failure.of(Kind.UNAUTHORIZED, "there is no such user, or the password is another one");
  }

  static void refresh(Resources resources, Request request) {
    UserSessions sessions = resources.userSessions();
    request.body(
        body -> {
          JsonMembers members = JsonMembers.of(body, Set.of("refreshToken"));
          String token = members.required("refreshToken");
          members.refuseIfFaulty();
          // What is as long is none of ours.
          request.reply(
              slowly(
                  resources,
                  request,
                  sessions.refresh(token.length() > LONGEST_TOKEN ? "" : token)),
              issued -> request.document(json(issued)));
        });
  }

  static void end(Resources resources, Request request) {
    UserSessions sessions = resources.userSessions();
    String id = request.parameters().required("id");
    Principal caller = request.principal();
    SelfRights self = caller.self();
    if (self == null || !self.session().toString().equals(id)) {
      caller.require(Scope.CREDENTIALS.text());
    }
    request.reply(
        sessions
            .end(session(id))
            .map(
                ended -> {
                  if (!ended) {
                    throw noSuchSession();
                  }
                  request.audit(Event.SESSION_ENDED, "session:" + id);
                  return ended;
                }),
        ended -> request.nothing());
  }

  private static UUID session(String id) {
    try {
      UUID session = UUID.fromString(id);
      if (session.toString().equals(id)) {
        return session;
      }
    } catch (IllegalArgumentException e) {
      throw noSuchSession();
    }
    throw noSuchSession();
  }

  private static Failure noSuchSession() {
    return Failure.of(Kind.NOT_FOUND, "there is no such session");
  }

  private static void log(Event event, IssuedSession issued, Request request) {
    String by = Principal.SESSION + issued.user();
    AuditLog.log(event, by, "session:" + issued.id(), request.address());
  }

  private static ObjectNode json(IssuedSession issued) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", issued.id().toString())
            .put("token", issued.token())
            .put("expiresAt", UserSchema.TIME.format(issued.expiresAt()))
            .put("refreshToken", issued.refreshToken())
            .put("refreshExpiresAt", UserSchema.TIME.format(issued.refreshExpiresAt()));
    json.putObject("user").put("id", issued.user());
    return json;
  }
}
